/**
 * The SDK's client drops progress that it reads together with the result (it forgets the call's handler before it calls
 * it), so a result is held back until the client has read what was written before it.
 */

/** Where it cannot be told: what a client that is not busy takes to read. */
const BLIND_MS = 5;
/** A client that reads nothing for so long would not read the result either. */
const LONGEST_MS = 1_000;
/** A client that waits for output has mostly read it when the write is done, or a turn of the loop later. */
const TURNS = 3;
const LOOK_MS = 1;

/** What was written last, and must not be read together with what follows. */
export interface LastWrite {
  /** When the operating system had taken it, on the clock of `performance.now()`. */
  readonly at: number;
  /** Whether the client has read all of it; undefined where that cannot be told. */
  isRead(): boolean | undefined;
}

/** Resolves when the client has read it, when that is not worth more time, or when `signal` aborts. Never rejects. */
export async function untilRead(last: LastWrite, signal: AbortSignal): Promise<void> {
  const begun = performance.now();
  for (let looks = 0; !signal.aborted && isAwaited(last, begun); looks += 1) {
    await (looks < TURNS ? turn() : pause());
  }
}

function isAwaited(last: LastWrite, begun: number): boolean {
  const now = performance.now();
  const read = last.isRead();
  return read === undefined ? now < last.at + BLIND_MS : !read && now < begun + LONGEST_MS;
}

function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

function pause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, LOOK_MS));
}
