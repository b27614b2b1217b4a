import { fraction, fromRfc3339, type Nanoseconds } from '../frames/rfc3339.ts';

const NANOSECONDS_PER_SECOND = 1_000_000_000n;

const UNITS: Readonly<Record<string, number>> = {
  ns: 1,
  us: 1e3,
  µs: 1e3,
  ms: 1e6,
  s: 1e9,
  m: 60e9,
  h: 3600e9,
};

const DURATION_PART = /(\d+(?:\.\d+)?)(ns|us|µs|ms|s|m|h)/gy;
const UNIX_SECONDS = /^(\d{1,11})(?:\.(\d{1,9}))?$/;

function fromUnixSeconds(text: string): Nanoseconds | undefined {
  const match = UNIX_SECONDS.exec(text);
  if (match === null) return undefined;
  return BigInt(match[1] ?? '0') * NANOSECONDS_PER_SECOND + fraction(match[2]);
}

/** A Go duration such as `10m`, `1h30m`, `1.5s`, in nanoseconds. */
function durationOf(text: string): number | undefined {
  let total = 0;
  let end = 0;
  for (const part of text.matchAll(DURATION_PART)) {
    total += Number(part[1]) * (UNITS[part[2] ?? ''] ?? Number.NaN);
    end = part.index + part[0].length;
  }
  return end === text.length && end > 0 && Number.isSafeInteger(Math.round(total / 1e3)) ? total : undefined;
}

/**
 * A point in time as docker_logs takes it: RFC 3339 with a zone, Unix seconds with up to nine digits of fraction, or a
 * duration back from `nowMs`. undefined for anything else, which Docker would silently reinterpret.
 */
export function parseLogTime(value: string | number, nowMs: number): Nanoseconds | undefined {
  const text = String(value);
  const absolute = fromUnixSeconds(text) ?? fromRfc3339(text);
  if (absolute !== undefined) return absolute;
  const back = durationOf(text);
  return back === undefined ? undefined : BigInt(nowMs) * 1_000_000n - BigInt(Math.round(back));
}

/** RFC 3339 in UTC with nine digits; times before 1970 become its beginning, as the engine takes them. */
export function toRfc3339(time: Nanoseconds): string {
  const positive = time < 0n ? 0n : time;
  const ms = Number(positive / 1_000_000n);
  const digits = String(positive % NANOSECONDS_PER_SECOND).padStart(9, '0');
  return `${new Date(ms).toISOString().slice(0, 19)}.${digits}Z`;
}

/** The smallest point in time after a timestamp of the engine's; undefined if that is not one. */
export function justAfter(timestamp: string): Nanoseconds | undefined {
  const time = fromRfc3339(timestamp);
  return time === undefined ? undefined : time + 1n;
}
