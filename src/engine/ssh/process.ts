import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Readable, Writable } from 'node:stream';
import type { SshEndpoint } from '../endpoint.ts';
import { sshArguments } from './arguments.ts';
import type { SshEnd } from './end.ts';
import { noSsh } from './failure.ts';

/** More is no sentence that somebody reads. */
const MOST_STDERR = 4096;

/** One ssh, whose stdin and stdout are a connection to the engine once it has logged in. */
export interface SshProcess {
  readonly ssh: ChildProcessByStdio<Writable, Readable, Readable>;
  /** Resolves when it has ended and its output is read. Rejects where there is no ssh. */
  readonly ended: Promise<SshEnd>;
}

/** Starts one ssh: its own keys, agents, host keys and configuration apply, as for the Docker CLI. */
export function startSsh(endpoint: SshEndpoint): SshProcess {
  const ssh = spawn('ssh', sshArguments(endpoint), { stdio: ['pipe', 'pipe', 'pipe'] });
  let stderr = '';
  ssh.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr = (stderr + text).slice(-MOST_STDERR);
  });
  // What cannot be written was not taken since ssh ended, and that is told of by how it ended.
  ssh.stdin.on('error', () => undefined);
  const ended = once(ssh, 'close').then(
    ([code]) => ({ code: typeof code === 'number' ? code : null, stderr }),
    (error: Error) => Promise.reject(noSsh(error)),
  );
  ended.catch(() => undefined);
  return { ssh, ended };
}
