/** One call's place in the order of arrival. */
export interface Turn {
  /** Resolves when every call that came before has joined the queue or left, or has been waited for long enough. */
  come(): Promise<void>;
  /** Lets the next one come. Further times change nothing. */
  pass(): void;
}

/** A call whose checks take longer is overtaken: one container that does not answer must not hold up the others. */
const PATIENCE_MS = 1_000;

/**
 * The order in which calls came. Their checks ask the engine and take unequally long; the queue is joined in this order all
 * the same. A call that is cancelled holds nobody up.
 */
export class Arrivals {
  #last: Promise<void> = Promise.resolve();

  enter(signal: AbortSignal): Turn {
    let pass = (): void => undefined;
    const passed = new Promise<void>((resolve) => {
      pass = resolve;
    });
    signal.addEventListener('abort', pass, { once: true });
    const before = this.#last;
    this.#last = before.then(() => passed);
    return { come: () => within(before, PATIENCE_MS), pass };
  }
}

async function within(promise: Promise<void>, ms: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms);
  });
  await Promise.race([promise, late]);
  clearTimeout(timer);
}
