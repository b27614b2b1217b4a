import { resolveContainer } from '../engine/containers.ts';
import type { StreamSink } from '../engine/http-answer.ts';
import { STATUS } from '../frames/demuxer.ts';
import { createGrep, type Grep } from '../frames/grep.ts';
import type { Outcome } from '../protocol/outcome.ts';
import type { LogsRun, RunReport } from '../protocol/run.ts';
import type { RunContext } from './context.ts';
import { compileLineFilter } from './line-filter.ts';
import { LogPlace } from './log-place.ts';
import { type FollowedLog, readRemainder } from './log-remainder.ts';
import { openLog } from './log-stream.ts';
import { createOutput, type Output, outputFields, outputNotices } from './output.ts';

/**
 * Reads a container's log until its end or a stated bound. Throws AppError (LOGS_UNAVAILABLE, CONTAINER_NOT_FOUND, …) where
 * it cannot be opened.
 */
export async function runLogs(run: LogsRun, context: RunContext): Promise<RunReport> {
  const begun = performance.now();
  const filter = filterOf(run);
  const framing = run.tty && run.grep === undefined ? 'raw' : 'multiplexed';
  const timestamps = run.timestamps ? 'keep' : 'strip';
  const output = createOutput(context, run.output, { framing, timestamps, maxLines: run.maxLines }, (status) =>
    context.ending.because(status === STATUS.limit ? 'limit' : 'cancelled'),
  );
  const reading = readerOf(filter, output);
  const ended = await follow(run, context, output, reading);
  await reading.finish();
  const fields = outputFields(output, run.output);
  return {
    ...ended,
    ...fields,
    // At a bound, the pattern was tried on lines behind the last that was taken.
    lastTimestamps: (tried(run, ended) ? filter?.lastTimestamps() : undefined) ?? fields.lastTimestamps,
    exitCode: null,
    termination: 'none',
    notices: [...ended.notices, ...outputNotices(output, run.output, fields.truncated)],
    durationMs: Math.round(performance.now() - begun),
  };
}

/** Whether the log was read to its end for lines of a pattern: those that do not match were read too. */
function tried({ grep }: LogsRun, { outcome }: Ended): boolean {
  return grep !== undefined && outcome === 'ended';
}

/** What chooses lines that the engine cannot choose; undefined where every line it sends is wanted. */
function filterOf({ tty, grep, begin, stdout, stderr }: LogsRun): Grep | undefined {
  if (grep === undefined && begin === undefined) return undefined;
  return createGrep({
    framing: tty ? 'raw' : 'multiplexed',
    matches: grep === undefined ? undefined : compileLineFilter(grep),
    // A channel that is not read would keep the filter waiting for its first line.
    since: begin && { ...(stdout ? { stdout: begin.stdout } : {}), ...(stderr ? { stderr: begin.stderr } : {}) },
  });
}

interface Reading {
  readonly sink: StreamSink;
  /** The input has ended: passes on what a filter still holds. May be asked for again. */
  finish(): Promise<void>;
}

function readerOf(filter: Grep | undefined, output: Output): Reading {
  if (filter === undefined) return { sink: output.sink, finish: () => output.delivery.finish() };
  const sink: StreamSink = {
    ...output.sink,
    data: (bytes) => {
      const kept = filter.push(bytes, 0, bytes.length);
      return kept.length === 0 || output.sink.data(kept);
    },
  };
  let finished: Promise<void> | undefined;
  const finish = (): Promise<void> => {
    const kept = filter.finish();
    if (kept.length > 0 && output.delivery.status === STATUS.open) output.sink.data(kept);
    return output.delivery.finish();
  };
  return {
    sink,
    finish: () => {
      finished ??= finish();
      return finished;
    },
  };
}

interface Ended {
  readonly outcome: Outcome;
  readonly notices: readonly string[];
}

async function follow(run: LogsRun, context: RunContext, output: Output, reading: Reading): Promise<Ended> {
  const followed = run.follow ? followedLog(run, context, output, reading) : undefined;
  const stream = await openLog(context, run, followed?.sink ?? reading.sink);
  if (stream === undefined) return bounded(output, 'cancelled');
  output.attach(stream);
  context.ending.after(run.timeoutMs, 'limit');
  context.ending.after(run.endsInMs, 'until');
  try {
    const first = await Promise.race([output.ended, context.ending.happened]);
    if (typeof first === 'string') return bounded(output, first);
    if (first.kind === 'broken') return lost(`The connection to the engine broke: ${first.error.message}`);
    return await naturalEnd(run, context, output, reading, followed?.log);
  } finally {
    stream.destroy();
  }
}

/** Notes how far a log was followed while it goes to `reading`. */
function followedLog(run: LogsRun, context: RunContext, output: Output, reading: Reading) {
  const place = new LogPlace(run.tty ? 'raw' : 'multiplexed', run.tail === 'all');
  const data = (bytes: Uint8Array): boolean => {
    place.take(bytes);
    return reading.sink.data(bytes);
  };
  const openedAt = BigInt(Date.now()) * 1_000_000n;
  const log: FollowedLog = { run, context, place, openedAt, data: reading.sink.data, attach: output.attach };
  return { log, sink: { ...reading.sink, data } };
}

/** Ended by a bound, by a cancel, or since the stream cannot be read on. */
function bounded(output: Output, reason: string): Ended {
  if (output.delivery.status === STATUS.systemError)
    return lost(`The engine reported: ${output.demuxer.systemError()}`);
  if (output.delivery.status === STATUS.truncated) return lost('It broke off in the middle of a frame.');
  if (output.delivery.status === STATUS.corrupt) return lost('The engine sent something that is not a frame.');
  if (reason === 'limit') return { outcome: 'limit', notices: [] };
  if (reason === 'until') return { outcome: 'ended', notices: [] };
  output.delivery.discard();
  return { outcome: 'cancelled', notices: [] };
}

/**
 * The stream ended. Where that was the end of a follow, what the engine left out is read now. A dead engine ends a stream as
 * well, so the engine is asked last whether it is still there.
 */
async function naturalEnd(
  run: LogsRun,
  context: RunContext,
  output: Output,
  reading: Reading,
  followed: FollowedLog | undefined,
): Promise<Ended> {
  try {
    const notices = followed?.place.finish() === true ? await readRemainder(followed) : [];
    await Promise.race([reading.finish(), context.ending.happened]);
    if (context.ending.reason !== undefined || output.delivery.status !== STATUS.open) {
      return bounded(output, context.ending.reason ?? 'limit');
    }
    const { state, name } = await resolveContainer(context.engine, run.containerId);
    if (state === 'removing') return lost(`Container "${name}" is being removed.`);
    return { outcome: 'ended', notices };
  } catch (error) {
    return lost(error instanceof Error ? error.message : String(error));
  }
}

function lost(reason: string): Ended {
  return { outcome: 'lost', notices: [`The log was lost: ${reason}`] };
}
