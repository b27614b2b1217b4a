import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import http from 'node:http';
import { Duplex, type Readable, type Writable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import type { SshEndpoint } from './endpoint.ts';
import { Places } from './places.ts';
import { noSsh, notAnEngine, type SshEnd, sshFailure, turnedAway } from './ssh-failure.ts';

type Ssh = ChildProcessByStdio<Writable, Readable, Readable>;

/** More is no sentence that somebody reads. */
const MOST_STDERR = 4096;
/** Asked first on every connection: harmless to repeat, and its answer shows that the connection is one. */
const PING = 'HEAD /_ping HTTP/1.1\r\nHost: docker\r\n\r\n';
const MOST_ANSWER = 16_384;

/**
 * Connections that this thread opens at a time. sshd turns away more and more of those that are still logging in from 10 on
 * (MaxStartups), and this process has up to nine threads, of which seldom more than one or two connect.
 */
const opening = new Places(2);
/** Waits before another attempt where the host turned us away, in ms; jittered, so that callers do not come in step. */
const RETRY_MS = [100, 300, 900] as const;

function sshArguments(endpoint: SshEndpoint): string[] {
  const options = ['-o', 'ConnectTimeout=30', '-o', 'BatchMode=yes', '-T'];
  const port = endpoint.port === undefined ? [] : ['-p', String(endpoint.port)];
  const user = endpoint.user === undefined ? [] : ['-l', endpoint.user];
  const host = endpoint.path === undefined ? [] : ['--host', `unix://${endpoint.path}`];
  return [...options, ...user, ...port, '--', endpoint.host, 'docker', ...host, 'system', 'dial-stdio'];
}

/** One ssh and how it ended. */
interface Running {
  readonly ssh: Ssh;
  /** Resolves when it has ended and its output is read. Rejects where there is no ssh. */
  readonly ended: Promise<SshEnd>;
}

function start(endpoint: SshEndpoint): Running {
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

/** Resolves when the engine's answer to the ping is read. */
function answered(ssh: Ssh): Promise<void> {
  return new Promise((resolve, reject) => {
    let head = '';
    const take = (bytes: Buffer): void => {
      head += bytes.toString('latin1');
      const whole = head.includes('\r\n\r\n');
      if (!whole && head.startsWith('HTTP/1.'.slice(0, head.length)) && head.length < MOST_ANSWER) return;
      ssh.stdout.pause().off('data', take);
      if (whole && head.startsWith('HTTP/1.')) resolve();
      else reject(notAnEngine(head));
    };
    ssh.stdout.on('data', take);
    ssh.stdin.write(PING);
  });
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
}

/** One attempt; the end of an ssh that came to nothing where it did not. */
async function attempt(endpoint: SshEndpoint, signal: AbortSignal): Promise<Running | SshEnd> {
  signal.throwIfAborted();
  const running = start(endpoint);
  try {
    const end = await Promise.race([answered(running.ssh), running.ended, aborted(signal)]);
    return end ?? running;
  } catch (error) {
    running.ssh.kill();
    throw error;
  }
}

async function connect(endpoint: SshEndpoint, signal: AbortSignal): Promise<Running> {
  for (let retries = 0; ; retries += 1) {
    const found = await opening.within(signal, () => attempt(endpoint, signal));
    if ('ssh' in found) return found;
    const wait = RETRY_MS[retries];
    if (wait === undefined || !turnedAway(found)) throw sshFailure(found);
    await delay(wait * (0.5 + Math.random()), undefined, { signal });
  }
}

/**
 * A connection to the engine through an ssh of its own. What is written waits until the connection stands, and nothing is sent
 * where it never does: an error of code ERR_SSH means that the engine heard nothing.
 */
class SshSocket extends Duplex {
  readonly #endpoint: SshEndpoint;
  readonly #leaving = new AbortController();
  #ssh: Ssh | undefined;

  constructor(endpoint: SshEndpoint) {
    super();
    this.#endpoint = endpoint;
  }

  override _construct(callback: (error?: Error) => void): void {
    connect(this.#endpoint, this.#leaving.signal).then(
      (running) => {
        this.#adopt(running);
        callback();
      },
      (error: Error) => callback(error),
    );
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, callback: () => void): void {
    this.#ssh?.stdin.write(chunk, () => callback());
  }

  override _final(callback: () => void): void {
    this.#ssh?.stdin.end();
    callback();
  }

  override _read(): void {
    this.#ssh?.stdout.resume();
  }

  /** Closed while it is still being opened, it must not be opened on. */
  override destroy(error?: Error): this {
    this.#leaving.abort(error);
    return super.destroy(error);
  }

  override _destroy(error: Error | null, callback: (error?: Error | null) => void): void {
    this.#ssh?.kill();
    callback(error);
  }

  #adopt({ ssh, ended }: Running): void {
    this.#ssh = ssh;
    ssh.stdout.on('data', (bytes: Buffer) => {
      if (!this.push(bytes)) ssh.stdout.pause();
    });
    ended.then(
      (end) => (end.code === 0 ? this.push(null) : this.destroy(sshFailure(end, 'ECONNRESET'))),
      (error: Error) => this.destroy(error),
    );
  }

  /** Node's HTTP agent takes what it keeps alive for a socket; a pipe has nothing to do for these. */
  setKeepAlive(): this {
    return this;
  }

  setNoDelay(): this {
    return this;
  }

  setTimeout(): this {
    return this;
  }

  ref(): this {
    return this;
  }

  unref(): this {
    return this;
  }
}

/** Opens one connection through OpenSSH, like the Docker CLI: its own keys, agents, host keys and configuration apply. */
export function dialSsh(endpoint: SshEndpoint): Duplex {
  return new SshSocket(endpoint);
}

/** Control calls wait for each other rather than for more logins. */
const CONTROL_CONNECTIONS = 4;

/** An HTTP agent whose connections are made by `dialSsh` and kept for the next calls. */
export function sshAgent(endpoint: SshEndpoint): http.Agent {
  const agent = new http.Agent({
    keepAlive: true,
    maxSockets: CONTROL_CONNECTIONS,
    maxFreeSockets: CONTROL_CONNECTIONS,
  });
  const createConnection = (): Duplex => {
    const socket = dialSsh(endpoint);
    // A host that closes a connection nobody uses at the time is no connection to keep.
    return socket.once('end', () => socket.destroy());
  };
  return Object.assign(agent, { createConnection });
}
