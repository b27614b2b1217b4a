/** Every error code a client can see; the list is closed and part of the public contract. */
export const ERROR_CODES = [
  'INVALID_ARGUMENT',
  'POLICY_DENIED',
  'RATE_LIMITED',
  'QUEUE_FULL',
  'CONTAINER_NOT_FOUND',
  'CONTAINER_AMBIGUOUS',
  'CONTAINER_NOT_RUNNING',
  'CONTAINER_PAUSED',
  'OBJECT_NOT_FOUND',
  'USER_NOT_FOUND',
  'COMMAND_NOT_FOUND',
  'START_FAILED',
  'LOGS_UNAVAILABLE',
  'ENGINE_UNREACHABLE',
  'ENGINE_TIMEOUT',
  'ENGINE_ERROR',
  'AUDIT_FAILED',
  'SHUTTING_DOWN',
  'INTERNAL',
] as const;

export type ErrorCode = (typeof ERROR_CODES)[number];

/** Codes for which the same call can succeed later without being changed. */
const RETRYABLE: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'RATE_LIMITED',
  'QUEUE_FULL',
  'ENGINE_UNREACHABLE',
  'ENGINE_TIMEOUT',
  'AUDIT_FAILED',
]);

/** What a client receives, and what crosses threads (an Error instance would lose its name and code there). */
export interface ErrorBody {
  readonly code: ErrorCode;
  readonly message: string;
  readonly hint?: string;
  readonly retryable: boolean;
  readonly retryAfterMs?: number;
}

export interface AppErrorOptions {
  readonly hint?: string;
  readonly retryAfterMs?: number;
  /** The rule that refused, for the audit: `user.root`, `rate.exec`. */
  readonly rule?: string;
  readonly cause?: unknown;
}

/** A failure with a stable code. `message` says what was wrong, `hint` what to do about it. */
export class AppError extends Error {
  override readonly name = 'AppError';
  readonly hint: string | undefined;
  readonly retryAfterMs: number | undefined;
  readonly rule: string | undefined;

  constructor(
    readonly code: ErrorCode,
    message: string,
    options: AppErrorOptions = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.hint = options.hint;
    this.retryAfterMs = options.retryAfterMs;
    this.rule = options.rule;
  }

  get retryable(): boolean {
    return RETRYABLE.has(this.code);
  }

  toBody(): ErrorBody {
    return {
      code: this.code,
      message: this.message,
      ...(this.hint === undefined ? {} : { hint: this.hint }),
      retryable: this.retryable,
      ...(this.retryAfterMs === undefined ? {} : { retryAfterMs: this.retryAfterMs }),
    };
  }

  static fromBody(body: ErrorBody): AppError {
    return new AppError(body.code, body.message, body);
  }
}

/** Any thrown value as an AppError; what is not one already becomes INTERNAL and keeps its cause. */
export function toAppError(thrown: unknown): AppError {
  if (thrown instanceof AppError) return thrown;
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  return new AppError('INTERNAL', `Unexpected failure: ${message}`, {
    cause: thrown,
    hint: 'This is a defect of the server; its log has the details under this traceId.',
  });
}
