/** Why a run is ended from outside. */
export type EndReason = 'timeout' | 'cancelled' | 'limit';

/** Remembers why a run is ended, at the moment it happens: the first reason wins, a later one changes nothing. */
export class Ending {
  #reason: EndReason | undefined;
  #timer: NodeJS.Timeout | undefined;
  readonly #controller = new AbortController();

  get reason(): EndReason | undefined {
    return this.#reason;
  }

  /** Resolves with the first reason; never rejects. */
  readonly happened: Promise<EndReason> = new Promise((resolve) => {
    this.#controller.signal.addEventListener('abort', () => resolve(this.#reason ?? 'cancelled'), { once: true });
  });

  because(reason: EndReason): void {
    this.#reason ??= reason;
    clearTimeout(this.#timer);
    this.#controller.abort();
  }

  /** Ends the run with `timeout` (or `reason`) after this many ms, at most 2^31-1; undefined sets no bound. */
  after(timeoutMs: number | undefined, reason: EndReason): void {
    if (timeoutMs === undefined || this.#reason !== undefined) return;
    this.#timer = setTimeout(() => this.because(reason), timeoutMs);
  }

  dispose(): void {
    clearTimeout(this.#timer);
  }
}
