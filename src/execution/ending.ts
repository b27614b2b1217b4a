/** Why a run is ended from outside. */
export type EndReason =
  | 'timeout'
  | 'cancelled'
  /** maxLines or timeoutMs of a log. */
  | 'limit'
  /** The `until` of a followed log has come. */
  | 'until';

/** Remembers why a run is ended, at the moment it happens: the first reason wins, a later one changes nothing. */
export class Ending {
  #reason: EndReason | undefined;
  #mostGraceMs = Number.POSITIVE_INFINITY;
  readonly #timers: NodeJS.Timeout[] = [];
  readonly #controller = new AbortController();

  get reason(): EndReason | undefined {
    return this.#reason;
  }

  /** Resolves with the first reason; never rejects. */
  readonly happened: Promise<EndReason> = new Promise((resolve) => {
    this.#controller.signal.addEventListener('abort', () => resolve(this.#reason ?? 'cancelled'), { once: true });
  });

  /** The longest kill grace that whoever ends the run allows. */
  get mostGraceMs(): number {
    return this.#mostGraceMs;
  }

  because(reason: EndReason, mostGraceMs = Number.POSITIVE_INFINITY): void {
    this.#reason ??= reason;
    this.#mostGraceMs = Math.min(this.#mostGraceMs, mostGraceMs);
    this.dispose();
    this.#controller.abort();
  }

  /** Ends the run for `reason` after this many ms, at most 2^31-1; undefined sets no bound. */
  after(timeoutMs: number | undefined, reason: EndReason): void {
    if (timeoutMs === undefined || this.#reason !== undefined) return;
    this.#timers.push(setTimeout(() => this.because(reason), timeoutMs));
  }

  dispose(): void {
    for (const timer of this.#timers) clearTimeout(timer);
  }
}
