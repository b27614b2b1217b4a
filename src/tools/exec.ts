import { createHash } from 'node:crypto';
import { z } from 'zod';
import { assertRunning, type Container } from '../engine/containers.ts';
import type { RunFacts } from '../observe/events.ts';
import type { ResolvedUser } from '../policy/facts.ts';
import { parseUserSpec, spellsRoot } from '../policy/user-spec.ts';
import { type ExecId, newExecId } from '../protocol/ids.ts';
import { TERMINATIONS } from '../protocol/outcome.ts';
import type { ExecRun, RunReport } from '../protocol/run.ts';
import type { RunDeps } from './deps.ts';
import {
  argument,
  chunkBytes,
  commandLine,
  containerId,
  environmentEntry,
  fitsKernel,
  runOutput,
  TOO_LARGE_FOR_KERNEL,
  timeoutMs,
} from './fields.ts';
import { assertAllowed, resolveRunUser } from './guard.ts';
import { defineTool } from './input.ts';
import { DRY_RUN, inTurn, planOutput, runReply, type ScheduleRun, streamNotices } from './run-call.ts';
import type { Tool, ToolCall, ToolReply } from './tool.ts';

const shape = z.strictObject({
  id: containerId,
  cmd: commandLine,
  stdin: z
    .string()
    .refine((text) => text.isWellFormed(), { error: 'expected well-formed Unicode' })
    .optional()
    .describe('Given to the command, then its input ends.'),
  user: argument()
    .min(1)
    .max(256)
    .refine((spec) => parseUserSpec(spec) !== undefined || spellsRoot(spec), {
      error: 'expected name, uid, name:group or uid:gid',
    })
    .optional()
    .describe('name, uid, name:group or uid:gid; never root unless the operator allows it.'),
  workdir: argument()
    .regex(/^\//, { error: 'expected an absolute path' })
    .max(4096)
    .optional()
    .describe('Absolute path in the container.'),
  env: z
    .array(environmentEntry, { error: 'expected an array of KEY=VALUE strings' })
    .optional()
    .describe('KEY=VALUE, added to the environment.'),
  stream: z.boolean().default(false).describe('Deliver output as it comes, by progress notifications.'),
  tty: z.boolean().default(false).describe('Run on a terminal: one channel, stdout.'),
  timeoutMs: timeoutMs.describe('Kill the command after this long.'),
  chunkBytes,
  encoding: z.enum(['utf8', 'base64']).default('utf8').describe('base64 for binary output.'),
});

const input = shape.refine(fitsKernel, { error: TOO_LARGE_FOR_KERNEL, path: ['cmd'] });

const output = z.object({
  execId: z.string(),
  ...runOutput,
  user: z.string(),
  exitCode: z.int().nullable(),
  termination: z.enum(TERMINATIONS),
});

type ExecInput = z.output<typeof input>;

interface Checked {
  readonly execId: ExecId;
  readonly container: Container;
  readonly user: ResolvedUser;
  readonly rule: string;
  readonly facts: RunFacts;
}

/** Every check a command has to pass, in the order in which refusals cost least; nothing has reached a worker yet. */
async function check(deps: RunDeps, args: ExecInput, call: ToolCall): Promise<Checked> {
  const execId = newExecId();
  const found = await deps.findContainer(args.id);
  const { container } = found;
  const { cmd, env = [], workdir } = args;
  call.record.run = {
    execId,
    containerId: container.id,
    container: container.name,
    argv: cmd,
    ...stdinFacts(args.stdin),
  };
  const rule = assertAllowed({ kind: 'exec', container, cmd, env, workdir }, deps.policy);
  call.record.rule = rule;
  assertRunning(container);
  const user = await resolveRunUser(deps.config, found, args.user);
  const facts = { ...call.record.run, user: `${user.uid}:${user.gid}` };
  call.record.run = facts;
  deps.takeToken('exec');
  return { execId, container, user, rule, facts };
}

/** stdin may hold anything: only its length and hash are ever written down. */
function stdinFacts(stdin: string | undefined): Pick<RunFacts, 'stdin'> {
  if (stdin === undefined) return {};
  const bytes = Buffer.from(stdin, 'utf8');
  return { stdin: { bytes: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') } };
}

function toRun(deps: RunDeps, args: ExecInput, call: ToolCall, checked: Checked): ExecRun {
  return {
    kind: 'exec',
    traceId: call.traceId,
    execId: checked.execId,
    containerId: checked.container.id,
    containerStartedAt: checked.container.startedAt,
    cmd: args.cmd,
    env: args.env ?? [],
    workdir: args.workdir,
    user: checked.user.spec,
    tty: args.tty,
    stdin: args.stdin,
    timeoutMs: args.timeoutMs ?? deps.config.timeoutMs,
    killGraceMs: deps.config.killGraceMs,
    output: planOutput(deps.config, call, args),
  };
}

function headline(report: RunReport): string {
  switch (report.outcome) {
    case 'exited':
      return `exited with code ${report.exitCode} after ${report.durationMs} ms`;
    case 'timeout':
      return `TIMEOUT after ${report.durationMs} ms; the command was stopped (termination: ${report.termination})`;
    case 'dry_run':
      return 'dry run: allowed, not executed';
    default:
      return `${report.outcome} after ${report.durationMs} ms (termination: ${report.termination})`;
  }
}

function reply(args: ExecInput, call: ToolCall, checked: Checked, report: RunReport): ToolReply {
  const { execId, user, facts } = checked;
  const fields = { execId, user: facts.user, exitCode: report.exitCode, termination: report.termination };
  const notices = [...user.notices, ...streamNotices(call, args.stream)];
  return runReply(call, facts, report, { fields, headline: headline(report), notices });
}

async function handle(deps: RunDeps, args: ExecInput, call: ToolCall, schedule: ScheduleRun): Promise<ToolReply> {
  const checked = await check(deps, args, call);
  if (deps.config.dryRun) {
    call.record.ending = { outcome: 'dry_run', exitCode: null, termination: 'none' };
    return reply(args, call, checked, DRY_RUN);
  }
  const run = toRun(deps, args, call, checked);
  const report = await schedule({ tool: 'docker_exec', run, facts: checked.facts, rule: checked.rule });
  return reply(args, call, checked, report);
}

/** docker_exec: runs one command in a running container. */
export function execTool(deps: RunDeps): Tool {
  return defineTool({
    name: 'docker_exec',
    title: 'Run a command in a container',
    description: [
      'Runs a command in a running Docker container and returns its output, its real exit code and how it ended.',
      'cmd is an argv array; no shell is added, so use ["sh", "-c", "…"] for pipes and variables.',
      'stream: true delivers output live through progress notifications. timeoutMs kills the whole process tree.',
      'A command that fails is not an error: look at exitCode. Long output keeps its head and tail.',
      'Runs as a non-root user unless the operator allows root.',
    ].join(' '),
    annotations: { readOnlyHint: false, destructiveHint: true, idempotentHint: false, openWorldHint: true },
    input,
    output,
    handle: (args, call) => inTurn(deps, call, (schedule) => handle(deps, args, call, schedule)),
  });
}
