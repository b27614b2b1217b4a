import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { type CommandEnd, execCommand } from '../../engine/command.ts';
import { BUILT } from '../server-process.ts';

/** Somebody who has only installed the command, and types what a document says. */
export interface Newcomer {
  /** An empty directory, in which everything is typed. */
  readonly directory: string;
  readonly env: Readonly<Record<string, string>>;
  type(line: string): Promise<CommandEnd>;
}

/** With an empty home too, and no variable but what the shell needs and `DOCKER_HOST`; gone when the test ends. */
export function newcomer(dockerHost: string): Newcomer {
  const folder = mkdtempSync(join(tmpdir(), 'newcomer-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const [directory, home, bin] = [join(folder, 'project'), join(folder, 'home'), join(folder, 'bin')];
  for (const path of [directory, home, bin]) mkdirSync(path);
  const command = `#!/bin/sh\nexec ${BUILT.node} ${BUILT.program} "$@"\n`;
  writeFileSync(join(bin, 'mcp-docker-exec'), command, { mode: 0o755 });
  const env = { PATH: `${bin}:${process.env['PATH']}`, HOME: home, DOCKER_HOST: dockerHost };
  return { directory, env, type: (line) => execCommand('sh', ['-c', line], env, directory) };
}
