import { resolveContainer } from '../engine/containers.ts';
import type { ByteStream } from '../engine/http-stream.ts';
import { fromEngineTime, toEngineTime } from '../engine/log-time.ts';
import type { LogQuery } from '../engine/logs.ts';
import { LogMessages } from '../frames/log-messages.ts';
import { fromRfc3339, type Nanoseconds } from '../frames/rfc3339.ts';
import type { LogsRun } from '../protocol/run.ts';
import { AnchorSearch } from './anchor-search.ts';
import type { RunContext } from './context.ts';
import type { LogPlace } from './log-place.ts';
import { readLog } from './log-stream.ts';

/** A log that goes on changing after its container's end is not read on for ever. */
const MOST_READS = 5;
/** The end of a longer row of messages with one stamp is looked for in the log itself. */
const MOST_LOOKED_AT = 64;

const BROKEN_OFF = 'It broke off in the middle of a frame.';
const GAP =
  'The engine ended the log before its end, and has deleted what followed since (log rotation): lines are missing.';

/** A log whose following ended by itself. */
export interface FollowedLog {
  readonly run: LogsRun;
  readonly context: RunContext;
  /** What was delivered of it; counts on. */
  readonly place: LogPlace;
  /** When it was opened, by this machine's clock. */
  readonly openedAt: Nanoseconds;
  /** Delivers what comes behind; see `StreamSink`. */
  data(bytes: Uint8Array): boolean;
  /** Gets each stream that `data` is fed from. */
  attach(stream: ByteStream): void;
}

/**
 * Delivers what a follow left out: Docker ends one early when the container ends while the follow still reads what was
 * there at its beginning (moby daemon/logger/loggerutils/logfile.go, ReadLogs; seen with 20.10). The log is read on, without
 * follow, behind the last message delivered, until that brings nothing more; or until the run is ended, see its `ending`.
 * Returns sentences for the notices. Throws where it is not certain that all was delivered.
 */
export async function readRemainder(log: FollowedLog): Promise<string[]> {
  const notices = new Set<string>();
  for (let read = 0; read < MOST_READS && log.context.ending.reason === undefined; read += 1) {
    if (!(await readOn(log, (notice) => notices.add(notice)))) break;
  }
  return [...notices];
}

/** Returns whether there was anything. */
async function readOn(log: FollowedLog, notify: (notice: string) => void): Promise<boolean> {
  const query = await restOf(log);
  if (await isAtEnd(log, query)) return false;
  const { behind, more } = await search(log, query);
  if (log.context.ending.reason !== undefined) return false;
  if (behind !== undefined) return more && (await deliver(log, query, behind));
  notify(GAP);
  return deliver(log, newer(log, query), 0);
}

/** What is asked of the engine: all that was not delivered, and little before it. */
async function restOf({ run, context, place, openedAt }: FollowedLog): Promise<LogQuery> {
  const { startedAt } = await resolveContainer(context.engine, run.containerId);
  const begin = place.anchor === undefined && run.tail !== 'all' ? openedAt : place.since;
  return {
    ...run,
    follow: false,
    tail: 'all',
    since: later(run.since, begin),
    until: earlier(run.until, startedAt === run.containerStartedAt ? undefined : nextStart(place, startedAt)),
  };
}

/** Where the log of the container's next run begins; undefined where that one was followed as well. */
function nextStart({ anchor }: LogPlace, startedAt: string): Nanoseconds | undefined {
  const start = fromRfc3339(startedAt);
  const last = fromRfc3339(anchor?.stamp ?? '') ?? 0n;
  return start !== undefined && start > last ? start : undefined;
}

function later(bound: string | undefined, time: Nanoseconds | undefined): string | undefined {
  if (time === undefined || (bound !== undefined && fromEngineTime(bound) > time)) return bound;
  return toEngineTime(time);
}

function earlier(bound: string | undefined, time: Nanoseconds | undefined): string | undefined {
  if (time === undefined || (bound !== undefined && fromEngineTime(bound) < time)) return bound;
  return toEngineTime(time);
}

/** For a log from which the last message delivered is gone: all that is left came later. */
function newer({ run, place }: FollowedLog, query: LogQuery): LogQuery {
  const last = fromRfc3339(place.anchor?.stamp ?? '');
  return { ...query, since: last === undefined ? query.since : later(run.since, last + 1n) };
}

/** The usual case, told by the log's last messages: a long log is not read again to learn that nothing is missing. */
async function isAtEnd(log: FollowedLog, query: LogQuery): Promise<boolean> {
  const { place, context } = log;
  const anchor = place.anchor;
  const count = anchor?.count ?? 0;
  if (count > MOST_LOOKED_AT) return false;
  const last: string[] = [];
  const since = anchor === undefined ? query.since : undefined;
  const asked = { ...query, stdout: true, stderr: true, tail: String(count + 1), since, until: undefined };
  await eachMessage(context, log.run, asked, ({ channel, stamp }) => {
    last.push(`${channel} ${stamp}`);
    return true;
  });
  if (anchor === undefined) return last.length === 0;
  const same = last.map((message) => message === `${anchor.channel} ${anchor.stamp}`);
  if (!anchor.counted) return same.at(-1) === true;
  const whole = same.length > count ? same[0] === false : place.taken === count;
  return whole && same.slice(-count).length === count && same.slice(-count).every(Boolean);
}

async function search(log: FollowedLog, query: LogQuery): Promise<{ behind: number | undefined; more: boolean }> {
  const { anchor } = log.place;
  if (anchor === undefined) return { behind: 0, more: true };
  const search = new AnchorSearch(anchor);
  await eachMessage(log.context, log.run, query, (message) => search.goesOn(message));
  return { behind: search.behind, more: search.seen > (search.behind ?? 0) };
}

/** Reads until `goesOn` says false. */
async function eachMessage(
  context: RunContext,
  { tty }: LogsRun,
  query: LogQuery,
  goesOn: (message: LogMessages) => boolean,
): Promise<void> {
  const messages = new LogMessages(tty ? 'raw' : 'multiplexed');
  let going = true;
  await readLog(context, query, (bytes, enough) => {
    for (let at = 0; going && at < bytes.length; ) {
      at = messages.take(bytes, at, bytes.length);
      if (messages.complete) going = goesOn(messages);
    }
    if (!going) enough();
    return true;
  });
  if (!going || context.ending.reason !== undefined || messages.complete) return;
  messages.finish();
  if (!messages.complete) throw new Error(BROKEN_OFF);
  goesOn(messages);
}

/** Delivers what comes behind the first `skipped` messages; returns whether there was anything. */
async function deliver(log: FollowedLog, query: LogQuery, skipped: number): Promise<boolean> {
  const { place, context, run } = log;
  const before = place.taken;
  const messages = new LogMessages(run.tty ? 'raw' : 'multiplexed');
  let left = skipped;
  const take = (bytes: Uint8Array): boolean => {
    let at = 0;
    while (left > 0 && at < bytes.length) {
      at = messages.take(bytes, at, bytes.length);
      if (messages.complete) left -= 1;
    }
    if (at === bytes.length) return true;
    place.take(bytes.subarray(at));
    return log.data(bytes.subarray(at));
  };
  await readLog(context, query, take, log.attach);
  if (context.ending.reason === undefined && !place.finish()) throw new Error(BROKEN_OFF);
  return place.taken > before;
}
