import type { ErrorCode } from '../../errors.ts';
import type { Outcome, Termination } from '../../protocol/outcome.ts';
import { redactArgv } from '../../redaction/argv.ts';
import { redactText } from '../../redaction/text.ts';
import type { CallEvent, RunFacts, ToolName } from '../events.ts';

type AuditEvent = 'started' | 'finished' | 'denied';

/** One record before it is sealed. What is undefined is not written. */
export interface AuditRecord {
  /** RFC 3339 in UTC with milliseconds. */
  readonly ts: string;
  readonly event: AuditEvent;
  readonly traceId: string;
  readonly tool: ToolName;
  readonly execId?: string | undefined;
  readonly containerId?: string | undefined;
  readonly container?: string | undefined;
  readonly user?: string | undefined;
  readonly argv?: readonly string[] | undefined;
  readonly verdict?: 'allowed' | 'denied' | undefined;
  readonly rule?: string | undefined;
  readonly outcome?: Outcome | undefined;
  readonly exitCode?: number | null | undefined;
  readonly termination?: Termination | undefined;
  readonly stdoutBytes?: number | undefined;
  readonly stderrBytes?: number | undefined;
  readonly durationMs?: number | undefined;
  readonly stdin?: { readonly bytes: number; readonly sha256: string } | undefined;
  readonly errorCode?: ErrorCode | undefined;
  readonly reason?: string | undefined;
}

const EVENTS = { run_started: 'started', call_finished: 'finished', call_denied: 'denied' } as const;

/** What is written down of an event: secrets in commands and reasons hidden, fields that are not known left out. */
export function toAuditRecord(event: CallEvent, now: Date): AuditRecord {
  const { stdin, ...run } = event.run === undefined ? {} : runFields(event.run);
  return {
    ts: now.toISOString(),
    event: EVENTS[event.kind],
    traceId: event.traceId,
    tool: event.tool,
    ...run,
    ...endFields(event),
    stdin,
    ...errorFields(event),
  };
}

function runFields(run: Partial<RunFacts>) {
  const { execId, containerId, container, user, argv, stdin } = run;
  return { execId, containerId, container, user, argv: argv === undefined ? undefined : redactArgv(argv), stdin };
}

function endFields(event: CallEvent) {
  if (event.kind === 'run_started') return { verdict: event.verdict, rule: event.rule };
  if (event.kind === 'call_denied') return { verdict: 'denied' as const, rule: event.rule };
  const { rule, outcome, exitCode, termination, stdoutBytes, stderrBytes, durationMs } = event;
  const verdict = rule === undefined ? undefined : ('allowed' as const);
  return { verdict, rule, outcome, exitCode, termination, stdoutBytes, stderrBytes, durationMs };
}

function errorFields(event: CallEvent) {
  if (event.kind === 'run_started') return {};
  if (event.kind === 'call_finished') return { errorCode: event.errorCode };
  return { errorCode: event.errorCode, reason: redactText(event.reason) };
}
