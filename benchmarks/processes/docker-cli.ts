import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpuSecondsOfEndedChildren } from './cpu.ts';
import type { Transfer } from './transfer.ts';

/** `docker …` with its arguments in `$@`, through a pipe and another program as a client's output mostly goes. */
const THROUGH_CAT = ['-c', 'docker "$@" | cat', 'sh'];

export function cliEnvironment(dockerHost: string): NodeJS.ProcessEnv {
  const { DOCKER_CONTEXT: _context, ...rest } = process.env;
  return { ...rest, DOCKER_HOST: dockerHost };
}

/** Runs the Docker client and drops what it writes. @throws Error unless it exits with 0. */
export function runDockerCli(dockerHost: string, args: readonly string[]): Promise<number> {
  return run(dockerHost, 'docker', args);
}

/**
 * Runs `docker … | cat` as often as said at once and drops what comes: time until all have ended, processor time of all
 * clients and cats, starts included. Nothing else of ours may end meanwhile.
 */
export async function transferByCli(dockerHost: string, args: readonly string[], times: number): Promise<Transfer> {
  const cpuBefore = cpuSecondsOfEndedChildren();
  const begun = performance.now();
  const runs = Array.from({ length: times }, () => run(dockerHost, 'sh', [...THROUGH_CAT, ...args]));
  const bytes = (await Promise.all(runs)).reduce((sum, one) => sum + one, 0);
  const seconds = (performance.now() - begun) / 1000;
  return { seconds, cpuSeconds: cpuSecondsOfEndedChildren() - cpuBefore, bytes };
}

async function run(dockerHost: string, command: string, args: readonly string[]): Promise<number> {
  const child = spawn(command, args, { env: cliEnvironment(dockerHost), stdio: ['ignore', 'pipe', 'inherit'] });
  let bytes = 0;
  child.stdout.on('data', (read: Buffer) => {
    bytes += read.length;
  });
  const [code] = await once(child, 'close');
  if (code !== 0) throw new Error(`${command} ${args.join(' ')} exited with ${code}`);
  return bytes;
}
