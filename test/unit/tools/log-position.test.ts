import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatLogPosition, parseLogPosition, positionAfter, together } from '../../../src/tools/log-position.ts';

const NOW_MS = Date.parse('2026-03-01T12:00:00.000Z');
const NOW = BigInt(NOW_MS) * 1_000_000n;
const SECOND = 1_000_000_000n;

describe('a position as text', () => {
  it.each([
    [together(NOW + 7n), '2026-03-01T12:00:00.000000007Z'],
    [{ stdout: NOW + 1n, stderr: NOW }, '2026-03-01T12:00:00.00000000010000000001Z'],
    [{ stdout: NOW, stderr: NOW + 1234n }, '2026-03-01T12:00:00.00000000020000001234Z'],
    [{ stdout: NOW + SECOND, stderr: NOW }, '2026-03-01T12:00:00.00000000011000000000Z'],
  ])('%o is %s, and read back as written', (position, text) => {
    expect(formatLogPosition(position)).toBe(text);
    expect(parseLogPosition(text, 0)).toEqual(position);
  });

  it('is the earlier point in time, to the second at least, for whoever reads RFC 3339', () => {
    const text = formatLogPosition({ stdout: NOW + SECOND, stderr: NOW + 5_000_000n });
    // V8 misplaces the fraction where it begins with zeros and has more than nine digits.
    expect(new Date(text).toISOString()).toMatch(/^2026-03-01T12:00:00\./);
  });

  it('is read back as written, wherever the channels are', () => {
    const time = fc.bigInt(0n, 4n * NOW);
    const apart = fc.bigInt(0n, SECOND);
    fc.assert(
      fc.property(time, apart, fc.boolean(), (earlier, by, stdoutAhead) => {
        const position = stdoutAhead
          ? { stdout: earlier + by, stderr: earlier }
          : { stdout: earlier, stderr: earlier + by };
        expect(parseLogPosition(formatLogPosition(position), 0)).toEqual(position);
      }),
    );
  });

  it.each(['2026-03-01T14:00:00+02:00', '1772366400', 1_772_366_400, '0s'])('may be any point in time: %s', (given) => {
    expect(parseLogPosition(given, NOW_MS)).toEqual(together(NOW));
  });

  it.each([
    ['more than nine digits', '2026-03-01T12:00:00.0000000001Z'],
    ['an unknown channel', '2026-03-01T12:00:00.00000000030000000001Z'],
    ['a channel ahead by nothing', '2026-03-01T12:00:00.00000000010000000000Z'],
    ['one ahead by more than a second', '2026-03-01T12:00:00.00000000011000000001Z'],
    ['a digit too few', '2026-03-01T12:00:00.0000000001000000001Z'],
    ['a digit too many', '2026-03-01T12:00:00.000000000100000000010Z'],
    ['another zone', '2026-03-01T12:00:00.00000000010000000001+00:00'],
    ['a day that does not exist', '2026-02-30T12:00:00.00000000010000000001Z'],
    ['what is no time', 'yesterday'],
  ])('is not %s', (_, text) => {
    expect(parseLogPosition(text, NOW_MS)).toBeUndefined();
  });
});

describe('where a read goes on', () => {
  const stamp = (time: bigint): string => formatLogPosition(together(time));
  const NONE = { stdout: '', stderr: '' };
  const BEGIN = together(NOW - 60n * SECOND);
  const APART = { stdout: NOW, stderr: NOW + 500n };

  it('is behind the last line of each channel', () => {
    const last = { stdout: stamp(NOW + 9n), stderr: stamp(NOW + 5n) };
    expect(positionAfter(BEGIN, last, true)).toEqual({ stdout: NOW + 10n, stderr: NOW + 6n });
    expect(positionAfter(APART, last, false)).toEqual({ stdout: NOW + 10n, stderr: NOW + 6n });
  });

  it('is a second behind the other channel for one that was silent for longer', () => {
    const last = { stdout: stamp(NOW - 30n * SECOND), stderr: stamp(NOW) };
    expect(positionAfter(BEGIN, last, true)).toEqual({ stdout: NOW + 1n - SECOND, stderr: NOW + 1n });
    expect(positionAfter(APART, { ...NONE, stdout: stamp(NOW + 7n * SECOND) }, true)).toEqual({
      stdout: NOW + 7n * SECOND + 1n,
      stderr: NOW + 6n * SECOND + 1n,
    });
  });

  it('is where it was without lines', () => {
    expect(positionAfter(APART, NONE, true)).toBe(APART);
    expect(positionAfter(BEGIN, NONE, false)).toBe(BEGIN);
  });

  it('stays apart for a channel without lines', () => {
    const last = { stdout: stamp(NOW + 9n), stderr: '' };
    expect(positionAfter(APART, last, true)).toEqual({ stdout: NOW + 10n, stderr: NOW + 500n });
  });

  it('is one point in time where a whole log has but one channel', () => {
    expect(positionAfter(BEGIN, { ...NONE, stdout: stamp(NOW) }, true)).toEqual(together(NOW + 1n));
    expect(positionAfter(BEGIN, { ...NONE, stderr: stamp(NOW) }, true)).toEqual(together(NOW + 1n));
  });

  it('leaves room for a first line of the other channel where a log was not read to its end', () => {
    const last = { ...NONE, stdout: stamp(NOW) };
    expect(positionAfter(BEGIN, last, false)).toEqual({ stdout: NOW + 1n, stderr: NOW + 1n - SECOND });
    expect(positionAfter(together(NOW - 5n), last, false)).toEqual({ stdout: NOW + 1n, stderr: NOW - 5n });
  });

  it('follows the engine‘s clock where the read began later by another', () => {
    const last = { ...NONE, stderr: stamp(NOW) };
    expect(positionAfter(together(NOW + 3600n * SECOND), last, false)).toEqual(together(NOW + 1n));
  });
});
