import type { ErrorCode } from '../errors.ts';
import type { ContainerId, ExecId, TraceId } from '../protocol/ids.ts';
import type { Outcome, Termination } from '../protocol/outcome.ts';

export const TOOL_NAMES = ['docker_exec', 'docker_logs', 'docker_ps', 'docker_inspect', 'health'] as const;
export type ToolName = (typeof TOOL_NAMES)[number];

interface CallFacts {
  readonly traceId: TraceId;
  readonly tool: ToolName;
}

/** What is known of a run before it starts. Secrets are masked by whoever writes it down, not here. */
export interface RunFacts {
  readonly execId?: ExecId;
  readonly containerId: ContainerId;
  readonly container: string;
  /** Resolved `uid:gid` or name; absent for logs. */
  readonly user?: string;
  readonly argv?: readonly string[];
  readonly stdin?: { readonly bytes: number; readonly sha256: string };
}

/** A run passed every check and is about to be handed to the engine (or was a dry run). */
export interface RunStarted extends CallFacts {
  readonly kind: 'run_started';
  readonly run: RunFacts;
  readonly verdict: 'allowed';
  readonly rule: string;
}

/** A call was answered, after a run or without one. */
export interface CallFinished extends CallFacts {
  readonly kind: 'call_finished';
  readonly durationMs: number;
  readonly run?: RunFacts;
  /** The rule that let a run through; absent where none was asked. */
  readonly rule?: string;
  /** How the run ended; absent where there was none. */
  readonly outcome?: Outcome;
  readonly exitCode?: number | null;
  readonly termination?: Termination;
  readonly stdoutBytes?: number;
  readonly stderrBytes?: number;
  /** The error the client got; absent on success. */
  readonly errorCode?: ErrorCode;
}

/** A call was refused by this server itself before anything ran: bad input, policy, rate, queue, shutdown. */
export interface CallDenied extends CallFacts {
  readonly kind: 'call_denied';
  readonly errorCode: ErrorCode;
  /** The rule that refused, e.g. `user.root`, `command.allowlist`, `rate.exec`, `input`. */
  readonly rule: string;
  readonly reason: string;
  readonly run?: Partial<RunFacts>;
}

/** Typed facts about calls. Tools publish them; audit, metrics and log subscribe. */
export type CallEvent = RunStarted | CallFinished | CallDenied;

/**
 * A listener may be asynchronous: the publisher awaits it, which is how `started` is on disk before the engine is
 * asked to run anything. A listener that throws fails the call (the audit does, with AUDIT_FAILED).
 */
export type CallListener = (event: CallEvent) => void | Promise<void>;

export type Publish = (event: CallEvent) => Promise<void>;

/** Publishes to every listener in order and waits for each. */
export function createPublisher(listeners: readonly CallListener[]): Publish {
  return async (event) => {
    for (const listener of listeners) await listener(event);
  };
}
