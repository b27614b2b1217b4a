import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { cgroups, mountsUnder } from './remains.ts';

/** All that shows of a private engine on this machine; `sockets` are those its containers' shims were found to have. */
export function traces(folder: string, sockets: readonly string[]) {
  return {
    folder: [folder].filter(existsSync),
    processes: processesNaming(folder),
    mounts: mountsUnder(folder),
    cgroups: cgroups(basename(folder)),
    sockets: sockets.filter(existsSync),
  };
}

/** Every process with the folder (or file) in its arguments, whatever program it runs. */
export function processesNaming(folder: string): string[] {
  const lines = readdirSync('/proc')
    .filter((entry) => /^\d+$/.test(entry))
    .map(commandLine);
  return lines.filter((line) => line.includes(folder));
}

function commandLine(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    return ''; // It ended since it was listed.
  }
}
