import { Places } from '../places.ts';

/**
 * Logins under way at a time in this process: sshd turns away more and more from 10 on (MaxStartups 10:30:100), and others log in
 * at that host as well.
 */
const PLACES = 8;
/** A place taken for longer was left behind by a thread that died: a login has an end before that. */
const LEFT_BEHIND_S = 90;
/** How often who waits looks for such a place. */
const RECHECK_MS = 1_000;

const FREE = 0;

/** Which logins this process has under way, in memory that all its threads share. Places of one thread are taken in order. */
export class LoginPlaces {
  readonly memory: SharedArrayBuffer;
  /** How often a place was freed: what waiting threads wait on. */
  readonly #freed: Int32Array;
  /** When each was taken, in seconds, or FREE. */
  readonly #since: Int32Array;
  /** The ssh that each is for, 0 where there is none yet. */
  readonly #pids: Int32Array;
  /** Only the first of a thread looks for a place. */
  readonly #first = new Places(1);

  constructor(memory = new SharedArrayBuffer((1 + 2 * PLACES) * Int32Array.BYTES_PER_ELEMENT)) {
    this.memory = memory;
    const cells = new Int32Array(memory);
    this.#freed = cells.subarray(0, 1);
    this.#since = cells.subarray(1, 1 + PLACES);
    this.#pids = cells.subarray(1 + PLACES);
  }

  /** Does `work` once there is a place for it, which is told the ssh that it is for. Rejects where the signal aborts before. */
  async within<T>(signal: AbortSignal, work: (hold: (pid: number | undefined) => void) => Promise<T>): Promise<T> {
    const place = await this.#first.within(signal, () => this.#take(signal));
    try {
      return await work((pid = 0) => Atomics.store(this.#pids, place, pid));
    } finally {
      this.#free(place);
    }
  }

  /** Ends every ssh that is logging in, whichever thread started it: not before it is done would it see that nobody is there. */
  endAll(): void {
    for (const [place, pid] of this.#pids.entries()) if (pid > 0 && isHeld(Atomics.load(this.#since, place))) end(pid);
  }

  async #take(signal: AbortSignal): Promise<number> {
    for (;;) {
      signal.throwIfAborted();
      const freed = Atomics.load(this.#freed, 0);
      const place = this.#since.findIndex((_, index) => this.#claim(index));
      if (place >= 0) return place;
      await Atomics.waitAsync(this.#freed, 0, freed, RECHECK_MS).value;
    }
  }

  #claim(place: number): boolean {
    const since = Atomics.load(this.#since, place);
    if (isHeld(since)) return false;
    return Atomics.compareExchange(this.#since, place, since, seconds()) === since;
  }

  #free(place: number): void {
    Atomics.store(this.#pids, place, 0);
    Atomics.store(this.#since, place, FREE);
    Atomics.add(this.#freed, 0, 1);
    Atomics.notify(this.#freed, 0);
  }
}

function seconds(): number {
  return Math.trunc(Date.now() / 1_000) | 0;
}

/** By somebody who is still there. */
function isHeld(since: number): boolean {
  return since !== FREE && ((seconds() - since) | 0) < LEFT_BEHIND_S;
}

function end(pid: number): void {
  try {
    process.kill(pid);
  } catch {
    // It ended by itself.
  }
}
