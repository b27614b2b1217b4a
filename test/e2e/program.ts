import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { BUILT, type Installation, type ServerEnvironment } from './server-process.ts';

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the built program to its end, with stdin closed: a server that starts sees its client go, and ends with 0. */
export async function runProgram(
  args: readonly string[],
  env: ServerEnvironment = {},
  installed: Partial<Installation> = {},
): Promise<Ended> {
  const { program, node } = { ...BUILT, ...installed };
  const { PATH = '' } = process.env;
  const options = { env: { PATH, HOME: '/nonexistent', ...env }, timeout: 20_000 };
  const child = spawn(node, [program, ...args], { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
  const [stdout, stderr, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
  return { code, stdout, stderr };
}
