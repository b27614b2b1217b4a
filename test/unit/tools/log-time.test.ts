import { describe, expect, it } from 'vitest';
import { fromEngineTime, toEngineTime } from '../../../src/engine/log-time.ts';
import { justAfter, parseLogTime, toRfc3339 } from '../../../src/tools/log-time.ts';

const NOW_MS = Date.parse('2026-03-01T12:00:00.000Z');
const NOW = BigInt(NOW_MS) * 1_000_000n;
const SECOND = 1_000_000_000n;

describe('an absolute time', () => {
  it.each([
    ['2026-03-01T12:00:00Z', NOW],
    ['2026-03-01t12:00:00z', NOW],
    ['2026-03-01T14:00:00+02:00', NOW],
    ['2026-03-01T06:30:00-05:30', NOW],
    ['2026-03-01T12:00:00.5Z', NOW + 500_000_000n],
    ['2026-03-01T12:00:00.123456789Z', NOW + 123_456_789n],
    ['2024-02-29T00:00:00Z', BigInt(Date.UTC(2024, 1, 29)) * 1_000_000n],
    ['1970-01-01T00:00:00Z', 0n],
    ['1772366400', NOW],
    ['1772366400.000000001', NOW + 1n],
    ['1772366400.25', NOW + 250_000_000n],
    [1_772_366_400, NOW],
    [1_772_366_400.25, NOW + 250_000_000n],
    ['0', 0n],
    [0, 0n],
  ])('%s is read to the nanosecond', (given, expected) => {
    expect(parseLogTime(given, NOW_MS)).toBe(expected);
  });
});

describe('a duration back from now', () => {
  it.each([
    ['10m', 600n * SECOND],
    ['1h30m', 5400n * SECOND],
    ['1.5s', 1_500_000_000n],
    ['90s', 90n * SECOND],
    ['250ms', 250_000_000n],
    ['3us', 3_000n],
    ['3µs', 3_000n],
    ['7ns', 7n],
    ['0s', 0n],
  ])('%s', (given, back) => {
    expect(parseLogTime(given, NOW_MS)).toBe(NOW - back);
  });
});

describe('what Docker would read as something else, or not at all', () => {
  it.each([
    '',
    ' ',
    'yesterday',
    '2026-03-01',
    '2026-03-01T12:00:00',
    '2026-03-01 12:00:00Z',
    '2026-02-30T00:00:00Z',
    '2025-02-29T00:00:00Z',
    '2026-13-01T00:00:00Z',
    '2026-03-01T24:00:00Z',
    '2026-03-01T12:60:00Z',
    '2026-03-01T12:00:00.1234567890Z',
    '2026-03-01T12:00:00+25:00',
    '-5',
    '-10m',
    '10m5',
    'm',
    '1d',
    '10 m',
    '1e3',
    '1.2.3',
    '1772366400.0000000001',
    '9'.repeat(12),
    `${'9'.repeat(40)}h`,
    Number.NaN,
    Number.POSITIVE_INFINITY,
    1e21,
  ])('%j is refused', (given) => {
    expect(parseLogTime(given, NOW_MS)).toBeUndefined();
  });
});

describe('for the engine', () => {
  it.each([
    [0n, '0.000000000'],
    [1n, '0.000000001'],
    [NOW + 20n, '1772366400.000000020'],
    [SECOND * 2n - 1n, '1.999999999'],
  ])('%s nanoseconds are %s', (time, text) => {
    expect(toEngineTime(time)).toBe(text);
    expect(fromEngineTime(text)).toBe(time);
  });

  it('has nothing before 1970: no log is older', () => {
    expect(toEngineTime(parseLogTime('1969-12-31T23:59:59.5Z', NOW_MS) ?? 1n)).toBe('0.000000000');
    expect(toEngineTime(parseLogTime('1000000h', NOW_MS) ?? 1n)).toBe('0.000000000');
  });
});

describe('the point just after a timestamp', () => {
  it.each([
    ['2026-03-01T12:00:00.123456789Z', '2026-03-01T12:00:00.123456790Z'],
    ['2026-03-01T12:00:00.999999999Z', '2026-03-01T12:00:01.000000000Z'],
    ['2026-03-01T12:00:00Z', '2026-03-01T12:00:00.000000001Z'],
    ['2026-12-31T23:59:59.999999999Z', '2027-01-01T00:00:00.000000000Z'],
  ])('%s → %s', (timestamp, next) => {
    expect(toRfc3339(justAfter(timestamp) ?? 0n)).toBe(next);
  });

  it('is none after what is no timestamp', () => {
    expect(justAfter('')).toBeUndefined();
    expect(justAfter('not a time')).toBeUndefined();
  });

  it('is read back as written', () => {
    expect(parseLogTime(toRfc3339(NOW + 42n), NOW_MS)).toBe(NOW + 42n);
  });
});
