import pRetry from 'p-retry';
import { engineTimeout, type StatusMeanings, socketCodeOf, toEngineError } from './failure.ts';
import type { UnreachableError } from './unreachable.ts';

/** How long any control call to the engine may take (public contract). */
export const CONTROL_DEADLINE_MS = 10_000;

export interface CallOptions {
  /** Continues "The engine did not …": "inspect the container". */
  readonly operation: string;
  readonly meanings?: StatusMeanings;
  readonly deadlineMs?: number;
  /** What the call may be waiting for before the engine hears of it. */
  readonly underWay?: () => UnreachableError | undefined;
}

/** A connection that broke, or an engine that is just starting: the next attempt may find it well. */
const PASSING: ReadonlySet<string> = new Set(['ECONNRESET', 'EPIPE', 'ECONNREFUSED']);

/** Some 200 ms in all, so that a dead engine is still told of at once; jittered, so that callers do not come in step. */
const RETRIES = { retries: 2, minTimeout: 50, factor: 2, randomize: true } as const;

function isPassing({ error }: { readonly error: Error }): boolean {
  return PASSING.has(socketCodeOf(error) ?? '');
}

/** One attempt within the deadline of `options`. Throws AppError as `toEngineError` says, ENGINE_TIMEOUT. */
export async function attemptOnce<T>(options: CallOptions, attempt: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const deadlineMs = options.deadlineMs ?? CONTROL_DEADLINE_MS;
  // Not AbortSignal.timeout, which keeps its timer, and all that listens, for the whole time.
  const deadline = new AbortController();
  let underWay: UnreachableError | undefined;
  const timer = setTimeout(() => {
    underWay = options.underWay?.();
    deadline.abort();
  }, deadlineMs);
  try {
    return await Promise.race([attempt(deadline.signal), aborted(deadline.signal)]);
  } catch (error) {
    if (deadline.signal.aborted) throw engineTimeout(options.operation, deadlineMs, underWay);
    throw toEngineError(error, options.operation, options.meanings);
  } finally {
    clearTimeout(timer);
  }
}

/** Attempts a read, which may be repeated where the connection failed it, all within one deadline. */
export function attemptRead<T>(options: CallOptions, attempt: (signal: AbortSignal) => Promise<T>): Promise<T> {
  return attemptOnce(options, (signal) =>
    pRetry(() => attempt(signal), { ...RETRIES, signal, shouldRetry: isPassing }),
  );
}

/** Rejects when the signal aborts: the deadline holds whatever the attempt makes of the signal. */
function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
}
