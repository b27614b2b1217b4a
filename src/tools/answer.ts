import { AppError, type ErrorCode, toAppError } from '../errors.ts';
import type { CallEvent, Publish } from '../observe/events.ts';
import type { Tool, ToolCall, ToolReply } from './tool.ts';

/** Refused by this server itself before anything ran; every other failure is the end of a call that was let through. */
const REFUSALS: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'INVALID_ARGUMENT',
  'POLICY_DENIED',
  'RATE_LIMITED',
  'QUEUE_FULL',
  'SHUTTING_DOWN',
]);

const RULES: Partial<Record<ErrorCode, string>> = {
  INVALID_ARGUMENT: 'input',
  RATE_LIMITED: 'rate',
  QUEUE_FULL: 'queue',
  SHUTTING_DOWN: 'shutdown',
};

export interface AnswerDeps {
  readonly publish: Publish;
  /** Whether the server is going down: then nothing new begins. */
  readonly closing: () => boolean;
  /** For failures the client is told about as INTERNAL only. */
  readonly onDefect: (error: AppError, call: ToolCall) => void;
}

/** Handles one call to its end and sees to it that exactly one `finished` or `denied` record is published. Never throws. */
export async function answer(tool: Tool, args: unknown, call: ToolCall, deps: AnswerDeps): Promise<ToolReply> {
  const begun = performance.now();
  const reply = await attempt(tool, args, call, deps);
  const durationMs = Math.round(performance.now() - begun);
  try {
    await deps.publish(toEvent(tool, call, reply, durationMs));
    return reply.reply;
  } catch (error) {
    return unaudited(call, reply.reply, toAppError(error));
  }
}

interface Attempt {
  readonly reply: ToolReply;
  readonly error: AppError | undefined;
}

async function attempt(tool: Tool, args: unknown, call: ToolCall, deps: AnswerDeps): Promise<Attempt> {
  try {
    if (deps.closing()) throw new AppError('SHUTTING_DOWN', 'The server is shutting down.');
    if (call.refusal !== undefined) throw call.refusal;
    return { reply: await Promise.race([tool.call(args, call), cancelledBeforeRun(call)]), error: undefined };
  } catch (thrown) {
    if (call.signal.aborted) call.record.ending = { outcome: 'cancelled', termination: 'none', ...call.record.ending };
    const error = toAppError(thrown);
    if (error.code === 'INTERNAL' && !call.signal.aborted) deps.onDefect(error, call);
    return { reply: errorReply(call, error), error };
  }
}

/**
 * Rejects when a call is cancelled that has started nothing: it is not waited for, since the engine may take 10 s over a check.
 * A run that was started is waited for: it has to be killed.
 */
function cancelledBeforeRun({ signal, record }: ToolCall): Promise<never> {
  return new Promise((_, reject) => {
    const onAbort = (): void => {
      if (!record.started) reject(signal.reason);
    };
    signal.addEventListener('abort', onAbort, { once: true });
  });
}

function errorReply(call: ToolCall, error: AppError): ToolReply {
  return { kind: 'error', error: { ...error.toBody(), traceId: call.traceId } };
}

function toEvent(tool: Tool, call: ToolCall, { error }: Attempt, durationMs: number): CallEvent {
  const base = { traceId: call.traceId, tool: tool.name };
  const { run, rule: allowedBy, ending } = call.record;
  const facts = run === undefined ? {} : { run };
  if (error !== undefined && REFUSALS.has(error.code) && !call.record.started) {
    const rule = error.rule ?? RULES[error.code] ?? error.code;
    return { kind: 'call_denied', ...base, ...facts, errorCode: error.code, rule, reason: error.message };
  }
  const failure = error === undefined || call.signal.aborted ? {} : { errorCode: error.code };
  const rule = allowedBy === undefined ? {} : { rule: allowedBy };
  return { kind: 'call_finished', ...base, ...facts, ...rule, ...ending, ...failure, durationMs };
}

/** A run that happened is told about, whatever became of its record; anything else is refused. */
function unaudited(call: ToolCall, reply: ToolReply, error: AppError): ToolReply {
  if (reply.kind !== 'run' || !call.record.started) return errorReply(call, error);
  const notices = [...reply.fields.notices, `The end of this run could not be audited: ${error.message}`];
  return { ...reply, fields: { ...reply.fields, notices } };
}
