import { readFileSync } from 'node:fs';

export function sshdConfigFile(folder: string): string {
  return `${folder}/sshd_config`;
}

/** What sshd says of every connection and session. */
export function sshdLogFile(folder: string): string {
  return `${folder}/sshd.log`;
}

/** The port in the configuration file. */
export function sshdPort(folder: string): number {
  return Number(/^Port (\d+)$/m.exec(readFileSync(sshdConfigFile(folder), 'utf8'))?.[1]);
}
