import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AppError } from '../../../src/errors.ts';
import { createRateLimits } from '../../../src/limits/rate-limits.ts';
import { TokenBucket } from '../../../src/limits/token-bucket.ts';

function clock(start = 0) {
  let ms = start;
  return { now: () => ms, pass: (by: number) => (ms += by) };
}

function takeAll(bucket: TokenBucket): number {
  let taken = 0;
  while (bucket.take().ok) taken += 1;
  return taken;
}

describe('TokenBucket', () => {
  it('gives its capacity at once, then refuses with the time to the next token', () => {
    const bucket = new TokenBucket({ capacity: 3, now: clock(1e9).now });
    expect(takeAll(bucket)).toBe(3);
    expect(bucket.take()).toEqual({ ok: false, retryAfterMs: 20_000 });
  });

  it('refills evenly and never above its capacity', () => {
    const time = clock();
    const bucket = new TokenBucket({ capacity: 60, now: time.now });
    expect(takeAll(bucket)).toBe(60);
    time.pass(1000);
    expect(takeAll(bucket)).toBe(1);
    time.pass(2500);
    expect(takeAll(bucket)).toBe(2);
    time.pass(500);
    expect(takeAll(bucket)).toBe(1);
    time.pass(3_600_000);
    expect(takeAll(bucket)).toBe(60);
  });

  it('refills at a rate of its own where one is given', () => {
    const time = clock();
    const bucket = new TokenBucket({ capacity: 2, perMinute: 60, now: time.now });
    expect(takeAll(bucket)).toBe(2);
    time.pass(1000);
    expect(takeAll(bucket)).toBe(1);
  });

  it('tells a wait after which a take succeeds, and no less', () => {
    const step = fc.double({ min: 0, max: 5000, noNaN: true });
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 1000 }),
        fc.double({ min: 0, max: 1e9, noNaN: true }),
        fc.array(step),
        (capacity, start, steps) => {
          const time = clock(start);
          const bucket = new TokenBucket({ capacity, now: time.now });
          takeAll(bucket);
          for (const by of steps) {
            time.pass(by);
            takeAll(bucket);
            const refused = bucket.take();
            if (refused.ok) throw new Error('an empty bucket gave a token');
            time.pass(refused.retryAfterMs - 1.01);
            if (refused.retryAfterMs > 2) expect(bucket.take().ok).toBe(false);
            time.pass(1.01);
            expect(bucket.take().ok).toBe(true);
          }
        },
      ),
    );
  });

  it('gives at most capacity + rate × time over any span', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 100 }),
        fc.array(fc.integer({ min: 0, max: 3000 }), { minLength: 1 }),
        (capacity, steps) => {
          const time = clock();
          const bucket = new TokenBucket({ capacity, now: time.now });
          let taken = takeAll(bucket);
          for (const by of steps) {
            time.pass(by);
            taken += takeAll(bucket);
          }
          expect(taken).toBeLessThanOrEqual(capacity + Math.floor((capacity * time.now()) / 60_000 + 1e-6));
        },
      ),
    );
  });

  it.each([0, -1, 1.5, Number.NaN])('refuses a capacity of %d', (capacity) => {
    expect(() => new TokenBucket({ capacity, now: () => 0 })).toThrow(RangeError);
  });
});

describe('rate limits', () => {
  it('count exec and logs apart and refuse with retryAfterMs', () => {
    const time = clock();
    const take = createRateLimits({ rateLimits: true, execPerMinute: 2, logsPerMinute: 1 }, time.now);
    take('exec');
    take('exec');
    take('logs');
    expect(refusal(() => take('exec'))).toMatchObject({ code: 'RATE_LIMITED', retryable: true, retryAfterMs: 30_000 });
    expect(refusal(() => take('logs'))).toMatchObject({ retryAfterMs: 60_000 });
    time.pass(30_000);
    take('exec');
  });

  it('are off where configured so', () => {
    const take = createRateLimits({ rateLimits: false, execPerMinute: 1, logsPerMinute: 1 }, () => 0);
    for (let call = 0; call < 100; call += 1) expect(() => take('exec')).not.toThrow();
  });
});

function refusal(call: () => void): unknown {
  try {
    call();
  } catch (error) {
    return error instanceof AppError ? error.toBody() : error;
  }
  return undefined;
}
