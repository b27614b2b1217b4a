import type { Config } from '../config/schema.ts';
import type { Encoding } from '../frames/demuxer.ts';
import type { RunFacts, ToolName } from '../observe/events.ts';
import { isFailure } from '../protocol/outcome.ts';
import type { OutputPlan, Run, RunReport } from '../protocol/run.ts';
import type { Turn } from '../scheduler/arrivals.ts';
import type { RunDeps } from './deps.ts';
import type { ToolCall, ToolReply } from './tool.ts';

/** What a result message needs besides output: its fields, the names in them, notices. */
const ENVELOPE_BYTES = 24_576;

interface PlanRequest {
  readonly encoding: Encoding;
  readonly stream: boolean;
  readonly chunkBytes?: number | undefined;
}

/** How a run's output is to be cut, kept and streamed. The result carries kept output twice, so each copy has half the room. */
export function planOutput(
  config: Pick<Config, 'maxBytes' | 'maxMessageBytes' | 'chunkBytes' | 'sanitize'>,
  call: ToolCall,
  request: PlanRequest,
): OutputPlan {
  const token = request.stream ? call.progress?.tokenJson : undefined;
  const chunkBytes = request.chunkBytes ?? config.chunkBytes;
  return {
    encoding: request.encoding,
    sanitize: config.sanitize,
    keepBytes: config.maxBytes,
    maxEscapedBytes: Math.floor((config.maxMessageBytes - ENVELOPE_BYTES) / 2),
    stream: token === undefined ? null : { chunkBytes, progressTokenJson: token },
  };
}

const NOT_STREAMED = 'Nothing could be streamed: the request had no progressToken.';

/** Notices known before the run. */
export function streamNotices(call: ToolCall, stream: boolean): string[] {
  return stream && call.progress === undefined ? [NOT_STREAMED] : [];
}

interface Scheduled {
  readonly tool: ToolName;
  readonly run: Run;
  readonly facts: RunFacts;
  readonly rule: string;
}

/**
 * Puts a checked run through the scheduler when its turn has come, recorded before it starts and noted for the record of its
 * end.
 */
async function schedule(deps: RunDeps, call: ToolCall, turn: Turn, scheduled: Scheduled): Promise<RunReport> {
  const { tool, run, facts, rule } = scheduled;
  const begin = async (): Promise<void> => {
    call.signal.throwIfAborted();
    await deps.publish({ kind: 'run_started', traceId: call.traceId, tool, run: facts, verdict: 'allowed', rule });
    call.record.started = true;
  };
  await turn.come();
  const scheduling = deps.schedule(run, { signal: call.signal, sink: call.progress?.sink, begin });
  turn.pass();
  const report = await scheduling;
  const { outcome, exitCode, termination, stdoutBytes, stderrBytes } = report;
  call.record.ending = { outcome, exitCode, termination, stdoutBytes, stderrBytes };
  return report;
}

/** Schedules runs for one call, in the order in which calls came. */
export type ScheduleRun = (scheduled: Scheduled) => Promise<RunReport>;

/** Handles a call that may run something: `handle` makes its checks, then hands its run to what it is given. */
export async function inTurn<T>(
  deps: RunDeps,
  call: ToolCall,
  handle: (schedule: ScheduleRun) => Promise<T>,
): Promise<T> {
  const turn = deps.arrivals.enter(call.signal);
  try {
    return await handle((scheduled) => schedule(deps, call, turn, scheduled));
  } finally {
    turn.pass();
  }
}

/** A report as a reply; `fields` are the tool's own, beside those every run has. */
export function runReply(
  call: ToolCall,
  facts: RunFacts,
  report: RunReport,
  own: {
    readonly fields: Readonly<Record<string, unknown>>;
    readonly headline: string;
    readonly notices: readonly string[];
  },
): ToolReply {
  return {
    kind: 'run',
    isError: isFailure(report.outcome),
    headline: own.headline,
    stdout: report.stdout,
    stderr: report.stderr,
    shown: { stdout: report.stdout, stderr: report.stderr, ...report.shown },
    fields: {
      traceId: call.traceId,
      containerId: facts.containerId,
      container: facts.container,
      outcome: report.outcome,
      stdoutBytes: report.stdoutBytes,
      stderrBytes: report.stderrBytes,
      truncated: report.truncated,
      durationMs: report.durationMs,
      ...own.fields,
      notices: [...own.notices, ...report.notices],
    },
  };
}

/** The report of a call that was checked and logged but not executed. */
export const DRY_RUN: RunReport = {
  outcome: 'dry_run',
  exitCode: null,
  termination: 'none',
  stdout: new Uint8Array(0),
  stderr: new Uint8Array(0),
  shown: {},
  stdoutBytes: 0,
  stderrBytes: 0,
  truncated: false,
  notices: ['Dry run: everything was checked and recorded, nothing was executed.'],
  durationMs: 0,
  lines: 0,
  lastTimestamps: { stdout: '', stderr: '' },
};
