import { describe, expect, it } from 'vitest';
import { windowOf } from '../../../src/tools/log-window.ts';

const ASKED = { tail: 'all', stdout: true, stderr: true } as const;
const AT = 1_772_366_400_000_000_000n;
/** stderr is 5 ns ahead. */
const APART = '2026-03-01T12:00:00.00000000020000000005Z';

describe('a window from where the channels are apart', () => {
  it('asks the engine from the earlier point on, and keeps each channel’s own', () => {
    const { bounds, from, oneChannel } = windowOf({ ...ASKED, since: APART }, false);
    expect(bounds).toMatchObject({ since: '1772366400.000000000', begin: { stdout: AT, stderr: AT + 5n } });
    expect(from).toEqual({ stdout: AT, stderr: AT + 5n });
    expect(oneChannel).toBe(false);
  });

  it.each([
    ['stdout alone', { ...ASKED, stderr: false }, false, 0n],
    ['stderr alone', { ...ASKED, stdout: false }, false, 5n],
    ['a tty', ASKED, true, 0n],
  ])('is one point in time for %s', (_, asked, tty, later) => {
    const { bounds, from, oneChannel } = windowOf({ ...asked, since: APART }, tty);
    const point = { stdout: AT + later, stderr: AT + later };
    expect(bounds).toMatchObject({ since: `1772366400.00000000${later}`, begin: point });
    expect(from).toEqual({ stdout: AT + later, stderr: AT + later });
    expect(oneChannel).toBe(true);
  });
});

describe('a window from a point in time', () => {
  it.each([
    ['to the nanosecond is kept to', '2026-03-01T12:00:00.000000000Z', { stdout: AT, stderr: AT }],
    ['in Unix seconds with all digits is kept to', '1772366400.000000000', { stdout: AT, stderr: AT }],
    ['in whole seconds is left to the engine', '2026-03-01T12:00:00Z', undefined],
    ['before now is left to the engine', '10m', undefined],
  ])('%s', (_, since, begin) => {
    expect(windowOf({ ...ASKED, since }, false).bounds.begin).toEqual(begin);
  });
});

describe('a window without a beginning', () => {
  it('begins with the log', () => {
    expect(windowOf(ASKED, false)).toMatchObject({
      from: { stdout: 0n, stderr: 0n },
      bounds: { since: undefined, begin: undefined, until: undefined },
      open: true,
    });
  });

  it('begins now where no line of before is wanted', () => {
    const before = BigInt(Date.now()) * 1_000_000n;
    const { from, bounds } = windowOf({ ...ASKED, tail: '0' }, false);
    expect(from.stdout).toBeGreaterThanOrEqual(before);
    expect(bounds.since).toBeUndefined();
  });
});

describe('a window with an end', () => {
  it('says when that comes, and is not open once it came', () => {
    const soon = new Date(Date.now() + 60_000).toISOString();
    const { endsInMs, open } = windowOf({ ...ASKED, until: soon }, false);
    expect(endsInMs).toBeGreaterThan(50_000);
    expect(endsInMs).toBeLessThanOrEqual(60_000);
    expect(open).toBe(true);
    expect(windowOf({ ...ASKED, until: '1s' }, false)).toMatchObject({ endsInMs: 0, open: false });
    expect(windowOf({ ...ASKED, until: '2999-01-01T00:00:00Z' }, false).endsInMs).toBeUndefined();
  });
});
