import { setMaxListeners } from 'node:events';
import type { SshEndpoint } from '../endpoint.ts';
import { UnreachableError } from '../unreachable.ts';
import { stillUnderWay } from './failure.ts';
import { logIn } from './login.ts';
import type { LoginPlaces } from './login-places.ts';
import type { SshProcess } from './process.ts';

/** Connections kept for whoever comes next, and how long: the next command often comes within a minute. */
const MOST_SPARE = 2;
const SPARE_MS = 60_000;

interface Waiter {
  readonly resolve: (process: SshProcess) => void;
  readonly reject: (error: unknown) => void;
  /** Aborted when it waits no longer. */
  readonly served: AbortController;
}

/**
 * A thread's connections through ssh until somebody has them. A login may take longer than who asked for it waits: it belongs to
 * nobody, goes on, and is for whoever comes next.
 */
export class SshConnections {
  readonly #endpoint: SshEndpoint;
  readonly #places: LoginPlaces;
  readonly #closing = new AbortController();
  readonly #waiting: Waiter[] = [];
  readonly #spares: SshProcess[] = [];
  /** When each login under way was begun, oldest first. */
  readonly #logins = new Set<{ readonly begun: number }>();
  /** Whether a login succeeded so far, and how many more are wanted once one did. */
  #proven = false;
  #ahead = 0;
  /** What the last login came to that nobody waited for; undefined where the last one succeeded. */
  #failure: UnreachableError | undefined;

  constructor(endpoint: SshEndpoint, places: LoginPlaces) {
    this.#endpoint = endpoint;
    this.#places = places;
    // Every login listens to it, also those that wait for their place.
    setMaxListeners(0, this.#closing.signal);
  }

  /**
   * The next connection that stands. Who asks first gets it first, but one that many calls share goes before. Rejects with
   * UnreachableError where the login failed, with the signal's reason where that aborts first.
   */
  take(signal: AbortSignal, turn: 'first' | 'last' = 'last'): Promise<SshProcess> {
    signal.throwIfAborted();
    const spare = this.#spares.shift();
    if (spare !== undefined) return Promise.resolve(spare);
    return new Promise((resolve, reject) => {
      const served = new AbortController();
      const waiter: Waiter = { resolve, reject, served };
      const leave = (): void => {
        this.#waiting.splice(this.#waiting.indexOf(waiter), 1);
        reject(signal.reason);
      };
      signal.addEventListener('abort', leave, { once: true, signal: served.signal });
      if (turn === 'first') this.#waiting.unshift(waiter);
      else this.#waiting.push(waiter);
      this.#provide(0);
    });
  }

  /**
   * Sees to it that so many connections stand, or will, that nobody waits for yet: at most MOST_SPARE. Where no login succeeded so
   * far, one is tried before the others: a host must not see twice as many come to nothing.
   */
  prepare(count: number): void {
    this.#ahead = Math.min(count, MOST_SPARE);
    this.#provide(this.#proven ? this.#ahead : 1);
  }

  /** Takes a connection back that nothing was sent on. */
  giveBack(process: SshProcess): void {
    if (process.ssh.exitCode === null && process.ssh.signalCode === null) this.#handOver(process);
  }

  /** What who waits for a connection waits for; undefined where nobody does. */
  underWay(): UnreachableError | undefined {
    const [oldest] = this.#logins;
    if (this.#waiting.length === 0 || oldest === undefined) return undefined;
    return stillUnderWay(performance.now() - oldest.begun, this.#failure);
  }

  /** Ends what nobody has; who waits gets an error. */
  close(): void {
    this.#closing.abort(new Error('The connections were closed.'));
    for (const { ssh } of this.#spares.splice(0)) ssh.kill();
  }

  #provide(spare: number): void {
    const missing = (): number => this.#waiting.length + spare - this.#spares.length - this.#logins.size;
    while (missing() > 0) this.#begin();
  }

  #begin(): void {
    const login = { begun: performance.now() };
    this.#logins.add(login);
    const wanted = (): boolean => this.#waiting.length + MOST_SPARE - this.#spares.length >= this.#logins.size;
    logIn({ endpoint: this.#endpoint, places: this.#places, wanted, signal: this.#closing.signal }).then(
      (process) => {
        this.#logins.delete(login);
        if (process !== undefined) this.#handOver(process);
      },
      (error: unknown) => {
        this.#logins.delete(login);
        this.#tell(error);
      },
    );
  }

  #handOver(process: SshProcess): void {
    this.#failure = undefined;
    const waiter = this.#next();
    if (waiter !== undefined) waiter.resolve(process);
    else if (this.#spares.length < MOST_SPARE && !this.#closing.signal.aborted) this.#keep(process);
    else process.ssh.kill();
    if (!this.#proven) this.#provide(this.#ahead);
    this.#proven = true;
  }

  #tell(error: unknown): void {
    const waiter = this.#next();
    if (waiter !== undefined) waiter.reject(error);
    else if (error instanceof UnreachableError) this.#failure = error;
  }

  #next(): Waiter | undefined {
    const waiter = this.#waiting.shift();
    waiter?.served.abort();
    return waiter;
  }

  #keep(process: SshProcess): void {
    this.#spares.push(process);
    const drop = (): void => {
      const at = this.#spares.indexOf(process);
      if (at < 0) return;
      this.#spares.splice(at, 1);
      process.ssh.kill();
    };
    const timer = setTimeout(drop, SPARE_MS).unref();
    process.ended.finally(() => clearTimeout(timer)).then(drop, drop);
  }
}
