import { setTimeout as delay } from 'node:timers/promises';
import type { SshEndpoint } from '../endpoint.ts';
import { type SshEnd, turnedAway } from './end.ts';
import { endless, notAnEngine, sshFailure } from './failure.ts';
import type { LoginPlaces } from './login-places.ts';
import { type SshProcess, startSsh } from './process.ts';

/** Asked first on every connection: harmless to repeat, and its answer shows that the connection is one. */
const PING = 'HEAD /_ping HTTP/1.1\r\nHost: docker\r\n\r\n';
const MOST_ANSWER = 16_384;
/** Longer than any login that comes to something: ssh itself waits 30 s for the host. */
const LIMIT_MS = 60_000;
/** Waits before another attempt where the host turned us away, in ms; jittered, so that callers do not come in step. */
const RETRY_MS = [100, 300, 900, 2_700] as const;

export interface Login {
  readonly endpoint: SshEndpoint;
  readonly places: LoginPlaces;
  /** Whether somebody still waits for it: asked before each attempt. */
  readonly wanted: () => boolean;
  /** Ends it. */
  readonly signal: AbortSignal;
}

/** Resolves when the engine's answer to the ping is read. */
function answered({ ssh }: SshProcess): Promise<void> {
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

/** Rejects when the login is ended from outside, or took too long. `over` stops the clock. */
function ended(signal: AbortSignal, over: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const timer = setTimeout(() => reject(endless(LIMIT_MS)), LIMIT_MS);
    over.addEventListener('abort', () => clearTimeout(timer), { once: true });
    signal.addEventListener('abort', () => reject(signal.reason), { once: true, signal: over });
  });
}

/** One attempt; the end of an ssh that came to nothing where it did not. */
async function attempt(
  { endpoint, signal }: Login,
  hold: (pid: number | undefined) => void,
): Promise<SshProcess | SshEnd> {
  const over = new AbortController();
  const running = startSsh(endpoint);
  hold(running.ssh.pid);
  try {
    const end = await Promise.race([answered(running), running.ended, ended(signal, over.signal)]);
    return end ?? running;
  } catch (error) {
    running.ssh.kill();
    throw error;
  } finally {
    over.abort();
  }
}

/**
 * Opens one connection to the engine through OpenSSH; again where the host turned us away as one too many. undefined where
 * nobody wants it any more. Rejects with UnreachableError, which says what to do, or with the signal's reason.
 */
export async function logIn(login: Login): Promise<SshProcess | undefined> {
  const { places, signal, wanted } = login;
  for (let retries = 0; ; retries += 1) {
    const found = await places.within(signal, async (hold) => (wanted() ? attempt(login, hold) : undefined));
    if (found === undefined || 'ssh' in found) return found;
    const wait = RETRY_MS[retries];
    if (wait === undefined || !turnedAway(found)) throw sshFailure(found);
    await delay(wait * (0.5 + Math.random()), undefined, { signal });
  }
}
