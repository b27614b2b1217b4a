import { spawn } from 'node:child_process';

export interface CliOptions {
  /** What the command reads from stdin; nothing by default. */
  readonly input?: Uint8Array | string;
  /** Milliseconds until the client is killed; 60 000 by default. */
  readonly timeoutMs?: number;
}

export interface CliResult {
  /** The client's exit code; -1 if a signal ended it. */
  readonly code: number;
  readonly stdout: Buffer;
  readonly stderr: Buffer;
}

export type DockerCli = (args: readonly string[], options?: CliOptions) => Promise<CliResult>;

/** The Docker client bound to one engine. It takes DOCKER_HOST alone: a context or a config of the machine has no say. */
export function dockerCli(dockerHost: string, environment: NodeJS.ProcessEnv = process.env): DockerCli {
  const { DOCKER_CONTEXT: _context, ...rest } = environment;
  const env = { ...rest, DOCKER_HOST: dockerHost };
  return (args, options = {}) =>
    new Promise((resolve, reject) => {
      const child = spawn('docker', args, { env, timeout: options.timeoutMs ?? 60_000, killSignal: 'SIGKILL' });
      const stdout: Buffer[] = [];
      const stderr: Buffer[] = [];
      child.stdout.on('data', (chunk: Buffer) => stdout.push(chunk));
      child.stderr.on('data', (chunk: Buffer) => stderr.push(chunk));
      // A command that ends without reading its input breaks this pipe; its exit code tells the story.
      child.stdin.on('error', () => {});
      child.stdin.end(options.input ?? '');
      child.on('error', reject);
      child.on('close', (code) =>
        resolve({ code: code ?? -1, stdout: Buffer.concat(stdout), stderr: Buffer.concat(stderr) }),
      );
    });
}

/** Runs the client and returns its trimmed stdout. @throws Error with the client's stderr on any other exit code than 0. */
export async function dockerText(docker: DockerCli, args: readonly string[], options?: CliOptions): Promise<string> {
  const result = await docker(args, options);
  if (result.code !== 0) throw new Error(`docker ${args.join(' ')} exited with ${result.code}: ${result.stderr}`);
  return result.stdout.toString().trim();
}
