import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpuSecondsOfEndedChildren } from './cpu.ts';

export interface CliRun {
  readonly seconds: number;
  /** User and system time of the client, its start included. */
  readonly cpuSeconds: number;
  readonly stdoutBytes: number;
}

/** Runs the Docker client and drops what it writes, as `| cat > /dev/null` would. @throws Error unless it exits with 0. */
export async function runDockerCli(dockerHost: string, args: readonly string[]): Promise<CliRun> {
  const { DOCKER_CONTEXT: _context, ...rest } = process.env;
  const cpuBefore = cpuSecondsOfEndedChildren();
  const begun = performance.now();
  const child = spawn('docker', args, {
    env: { ...rest, DOCKER_HOST: dockerHost },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let stdoutBytes = 0;
  child.stdout.on('data', (bytes: Buffer) => {
    stdoutBytes += bytes.length;
  });
  const [code] = await once(child, 'close');
  const seconds = (performance.now() - begun) / 1000;
  if (code !== 0) throw new Error(`docker ${args.join(' ')} exited with ${code}`);
  return { seconds, cpuSeconds: cpuSecondsOfEndedChildren() - cpuBefore, stdoutBytes };
}
