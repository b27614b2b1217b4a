import { toEngineTime } from '../engine/log-time.ts';
import type { Channel } from '../frames/demuxer.ts';
import type { LogsRun } from '../protocol/run.ts';
import { aheadIn, type LogPosition, parseLogPosition, together } from './log-position.ts';
import { parseLogTime } from './log-time.ts';

/** Longer timers overflow and fire at once. */
const MAX_TIMER_MS = 2 ** 31 - 1;

interface Asked {
  readonly since?: string | number | undefined;
  readonly until?: string | number | undefined;
  readonly tail: string;
  readonly stdout: boolean;
  readonly stderr: boolean;
}

/** The part of a log that a read is about. */
export interface LogWindow {
  /** Where it begins; for a read that can only see one channel, the same for both. */
  readonly from: LogPosition;
  readonly oneChannel: boolean;
  /** The bounds as a run has them. */
  readonly bounds: Pick<LogsRun, 'since' | 'begin' | 'until'>;
  /** ms from now to `until`, where that is still to come and within what a timer can wait for. */
  readonly endsInMs: number | undefined;
  /** Whether anything may still come: a window that has ended is read, not followed. */
  readonly open: boolean;
}

/** Both ends by one clock reading, so that durations fit each other. `tty`: whether the container has one. */
export function windowOf(asked: Asked, tty: boolean): LogWindow {
  const now = Date.now();
  const since = asked.since === undefined ? undefined : parseLogPosition(asked.since, now);
  const until = asked.until === undefined ? undefined : parseLogTime(asked.until, now);
  const remaining = until === undefined ? undefined : Number(until / 1_000_000n) - now;
  const only = onlyChannel(asked, tty);
  const begin = since ?? together(asked.tail === '0' ? BigInt(now) * 1_000_000n : 0n);
  const from = only === undefined ? begin : together(begin[only]);
  return {
    from,
    oneChannel: only !== undefined,
    bounds: {
      ...(since === undefined ? { since: undefined, begin: undefined } : startOf(from, isExact(asked.since))),
      until: until === undefined ? undefined : toEngineTime(until),
    },
    endsInMs: remaining === undefined || remaining > MAX_TIMER_MS ? undefined : Math.max(0, remaining),
    open: remaining === undefined || remaining > 0,
  };
}

/** A tty's log is all stdout. */
function onlyChannel({ stdout, stderr }: Asked, tty: boolean): Channel | undefined {
  if (tty || !stderr) return 'stdout';
  return stdout ? undefined : 'stderr';
}

/**
 * The engine is asked from the earlier point on; the worker leaves out what a channel has before its own. Docker since its
 * version 23 sends all that stands behind the first line that is late enough, the other channel's earlier lines too.
 */
function startOf(from: LogPosition, exact: boolean): Pick<LogsRun, 'since' | 'begin'> {
  const earlier = aheadIn(from) === 'stdout' ? from.stderr : from.stdout;
  return { since: toEngineTime(earlier), begin: exact ? from : undefined };
}

/** Where the last read ended has all its digits; nobody who asks for the last ten minutes means one line more or less. */
function isExact(since: string | number | undefined): boolean {
  return /\.\d{9,}Z?$/.test(String(since));
}
