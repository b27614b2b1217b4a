import type { Channel, LastTimestamps } from '../frames/demuxer.ts';
import { fromRfc3339, type Nanoseconds } from '../frames/rfc3339.ts';
import { MAX_LAG } from '../frames/stamp-lag.ts';
import { justAfter, parseLogTime, toRfc3339 } from './log-time.ts';

/**
 * From when on each channel's lines are wanted. The engine stamps a line before it waits to write it, so that timestamps
 * ascend within a channel only: with both channels written at once, no one point in time cuts a log in two.
 */
export type LogPosition = Readonly<Record<Channel, Nanoseconds>>;

/**
 * The form with the channels apart, an RFC 3339 time that other programs read as the earlier one's: behind the nine digits
 * of the fraction, one for the channel that is ahead and ten for by how many nanoseconds.
 */
const APART = /^(.{19}\.\d{9})([12])(\d{10})Z$/;

/** One point in time for both channels. */
export function together(time: Nanoseconds): LogPosition {
  return { stdout: time, stderr: time };
}

/** The channel that goes on later than the other; undefined where they go on together. */
export function aheadIn({ stdout, stderr }: LogPosition): Channel | undefined {
  if (stdout === stderr) return undefined;
  return stdout > stderr ? 'stdout' : 'stderr';
}

/** A position as `since` takes it: what `formatLogPosition` wrote, or any point in time, see `parseLogTime`. */
export function parseLogPosition(value: string | number, nowMs: number): LogPosition | undefined {
  const apart = APART.exec(String(value));
  if (apart !== null) return parseApart(`${apart[1]}Z`, apart[2] === '1' ? 'stdout' : 'stderr', BigInt(apart[3] ?? ''));
  const time = parseLogTime(value, nowMs);
  return time === undefined ? undefined : together(time);
}

function parseApart(earlier: string, ahead: Channel, lag: Nanoseconds): LogPosition | undefined {
  const time = fromRfc3339(earlier);
  if (time === undefined || lag === 0n || lag > MAX_LAG) return undefined;
  return { ...together(time), [ahead]: time + lag };
}

/** RFC 3339 in UTC: nine digits of fraction, or twenty where the channels are apart. */
export function formatLogPosition(position: LogPosition): string {
  const { stdout, stderr } = position;
  const ahead = aheadIn(position);
  if (ahead === undefined) return toRfc3339(stdout);
  const [earlier, lag] = ahead === 'stdout' ? [stderr, stdout - stderr] : [stdout, stderr - stdout];
  const digits = `${ahead === 'stdout' ? '1' : '2'}${String(lag).padStart(10, '0')}`;
  return toRfc3339(earlier).replace('Z', `${digits}Z`);
}

/**
 * Where a read goes on that began at `from`: each channel behind its last line, one without lines where it was. `whole`:
 * a channel without lines has none, as the log was read to its end or only for the other channel.
 */
export function positionAfter(from: LogPosition, last: LastTimestamps, whole: boolean): LogPosition {
  const stdout = justAfter(last.stdout);
  const stderr = justAfter(last.stderr);
  const seen = stdout ?? stderr;
  if (seen === undefined) return from;
  const oneSeen = stdout === undefined || stderr === undefined;
  if (whole && oneSeen && aheadIn(from) === undefined) return together(seen);
  return withinLag({ stdout: stdout ?? unseen(from, 'stdout', seen), stderr: stderr ?? unseen(from, 'stderr', seen) });
}

/** A read from one point in time on may have begun later than its lines say, by a clock that is not the engine's. */
function unseen(from: LogPosition, channel: Channel, seen: Nanoseconds): Nanoseconds {
  return aheadIn(from) === undefined && from[channel] > seen ? seen : from[channel];
}

function withinLag({ stdout, stderr }: LogPosition): LogPosition {
  const least = (stdout > stderr ? stdout : stderr) - MAX_LAG;
  return { stdout: stdout < least ? least : stdout, stderr: stderr < least ? least : stderr };
}
