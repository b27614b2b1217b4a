import { RE2JS } from 're2js';
import { z } from 'zod';
import { resolveContainer } from '../engine/containers.ts';
import type { RunFacts } from '../observe/events.ts';
import type { LogsRun, RunReport } from '../protocol/run.ts';
import type { RunDeps } from './deps.ts';
import { chunkBytes, containerId, maxLines, runOutput, timeoutMs } from './fields.ts';
import { assertAllowed } from './guard.ts';
import { defineTool } from './input.ts';
import { formatLogPosition, parseLogPosition, positionAfter } from './log-position.ts';
import { parseLogTime } from './log-time.ts';
import { type LogWindow, windowOf } from './log-window.ts';
import { DRY_RUN, inTurn, planOutput, runReply, type ScheduleRun, streamNotices } from './run-call.ts';
import { READ_ONLY, type Tool, type ToolCall, type ToolReply } from './tool.ts';

const MAX_PATTERN = 1000;

function compiles(pattern: string): boolean {
  try {
    return RE2JS.compile(pattern) !== undefined;
  } catch {
    return false;
  }
}

/** Engines read a tail that is not a number as "all": it has to be one. */
const tail = z
  .union(
    [z.literal('all'), z.int().min(0), z.string().regex(/^\d{1,15}$/, { error: 'expected "all" or a whole number' })],
    {
      error: 'expected "all" or a whole number',
    },
  )
  .transform(String)
  .default('all');

function logTime(parse: (value: string | number, nowMs: number) => unknown) {
  return z
    .union([z.string().max(64), z.number().min(0)], { error: 'expected text or a number' })
    .refine((value) => parse(value, Date.now()) !== undefined, {
      error: 'expected RFC 3339 with a zone, Unix seconds or a duration such as "10m"',
    })
    .optional();
}

const input = z
  .strictObject({
    id: containerId,
    tail: tail.describe('"all" or how many last lines, both channels together.'),
    since: logTime(parseLogPosition).describe(
      'RFC 3339, Unix seconds or a duration back from now, such as "10m"; inclusive.',
    ),
    until: logTime(parseLogTime).describe('Like since.'),
    follow: z.boolean().default(false).describe('Go on with new lines until a bound, a cancel or the end.'),
    timestamps: z.boolean().default(false).describe('Begin every line with its time.'),
    stdout: z.boolean().default(true),
    stderr: z.boolean().default(true),
    stream: z.boolean().optional().describe('Deliver as it comes; default: follow.'),
    grep: z
      .string()
      .min(1)
      .max(MAX_PATTERN)
      .refine(compiles, { error: 'expected a regular expression in RE2 syntax' })
      .optional()
      .describe('Keep lines that match (RE2).'),
    maxLines,
    timeoutMs,
    chunkBytes,
  })
  .refine((args) => args.stdout || args.stderr, { path: ['stdout'], error: 'expected stdout, stderr or both' });

const output = z.object({
  ...runOutput,
  lines: z.int(),
  nextSince: z.string().describe('Pass as since to go on without loss or repetition.'),
});

type LogsInput = z.output<typeof input>;

function toRun(
  deps: RunDeps,
  args: LogsInput,
  call: ToolCall,
  container: Awaited<ReturnType<typeof resolveContainer>>,
  { bounds, endsInMs, open }: LogWindow,
): LogsRun {
  const { tail, timestamps, stdout, stderr, grep } = args;
  const follow = args.follow && open;
  return {
    kind: 'logs',
    traceId: call.traceId,
    containerId: container.id,
    containerStartedAt: container.startedAt,
    tty: container.tty,
    tail,
    ...bounds,
    follow,
    endsInMs: follow ? endsInMs : undefined,
    timestamps,
    stdout,
    stderr,
    grep,
    maxLines: args.maxLines ?? 0,
    timeoutMs: args.timeoutMs ?? deps.config.timeoutMs,
    output: planOutput(deps.config, call, { ...args, encoding: 'utf8', stream: args.stream ?? args.follow }),
  };
}

/** Where a later read goes on; without lines, where this one began. */
function nextSince({ outcome, lastTimestamps }: RunReport, { from, oneChannel, bounds }: LogWindow): string {
  const whole = oneChannel || (outcome === 'ended' && bounds.until === undefined);
  return formatLogPosition(positionAfter(from, lastTimestamps, whole));
}

function headline(report: RunReport): string {
  return `log ${report.outcome}: ${report.lines} lines in ${report.durationMs} ms`;
}

async function handle(deps: RunDeps, args: LogsInput, call: ToolCall, schedule: ScheduleRun): Promise<ToolReply> {
  const container = await resolveContainer(deps.engine, args.id);
  const facts: RunFacts = { containerId: container.id, container: container.name };
  call.record.run = facts;
  const rule = assertAllowed({ kind: 'logs', container }, deps.policy);
  call.record.rule = rule;
  deps.takeToken('logs');
  const window = windowOf(args, container.tty);
  const run = toRun(deps, args, call, container, window);
  const report = deps.config.dryRun ? DRY_RUN : await schedule({ tool: 'docker_logs', run, facts, rule });
  if (deps.config.dryRun) call.record.ending = { outcome: 'dry_run' };
  const fields = { lines: report.lines, nextSince: nextSince(report, window) };
  const notices = streamNotices(call, args.stream ?? args.follow);
  return runReply(call, facts, report, { fields, headline: headline(report), notices });
}

/** docker_logs: reads or follows a container's log. */
export function logsTool(deps: RunDeps): Tool {
  return defineTool({
    name: 'docker_logs',
    title: 'Read a container log',
    description: [
      "Reads a container's log, running or not: the last lines (tail), a window (since, until), lines that match (grep).",
      'follow: true streams new lines through progress notifications until the container ends, maxLines, timeoutMs or a cancel.',
      'nextSince in the result is where the next read goes on without loss or repetition.',
    ].join(' '),
    annotations: READ_ONLY,
    input,
    output,
    handle: (args, call) => inTurn(deps, call, (schedule) => handle(deps, args, call, schedule)),
  });
}
