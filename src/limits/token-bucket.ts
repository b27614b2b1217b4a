export interface TokenBucketOptions {
  /** Tokens a full bucket holds: the largest burst. */
  readonly capacity: number;
  /** Tokens added per minute, evenly; `capacity` where not given. */
  readonly perMinute?: number;
  /** Milliseconds of a clock that never goes back. */
  readonly now: () => number;
}

export type Taken = { readonly ok: true } | { readonly ok: false; readonly retryAfterMs: number };

/** Sums of fractions of a millisecond are off by far less than this. */
const ROUNDING_MS = 1e-6;

/**
 * A rate limit as one number: the moment at which the bucket would be full again (the generic cell rate algorithm). Nothing is
 * added up over time, so nothing drifts.
 */
export class TokenBucket {
  readonly #intervalMs: number;
  readonly #burstMs: number;
  readonly #now: () => number;
  #fullAt: number;

  /** Throws RangeError unless `capacity` is a positive integer and `perMinute` a positive number. */
  constructor(options: TokenBucketOptions) {
    const perMinute = options.perMinute ?? options.capacity;
    if (!Number.isInteger(options.capacity) || options.capacity < 1)
      throw new RangeError(`capacity: expected a positive integer, given ${options.capacity}`);
    if (!(perMinute > 0)) throw new RangeError(`perMinute: expected a positive number, given ${perMinute}`);
    this.#intervalMs = 60_000 / perMinute;
    this.#burstMs = this.#intervalMs * (options.capacity - 1);
    this.#now = options.now;
    this.#fullAt = options.now();
  }

  /** Takes one token. A take `retryAfterMs` (whole milliseconds) after a refusal succeeds, if no other came between. */
  take(): Taken {
    const now = this.#now();
    const fullAt = Math.max(this.#fullAt, now);
    const waitMs = fullAt - now - this.#burstMs;
    if (waitMs > ROUNDING_MS) return { ok: false, retryAfterMs: Math.max(1, Math.ceil(waitMs)) };
    this.#fullAt = fullAt + this.#intervalMs;
    return { ok: true };
  }
}
