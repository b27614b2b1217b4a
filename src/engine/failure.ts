import { AppError, type ErrorCode } from '../errors.ts';
import { socketHint } from './socket-hint.ts';
import { tlsFailure } from './tls-failure.ts';
import { UnreachableError } from './unreachable.ts';

/** Socket-level error codes that mean that nobody answers at the endpoint. */
const UNREACHABLE: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'ENOENT',
  'EACCES',
  'EPERM',
  'EPIPE',
  'ECONNRESET',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTSOCK',
]);

/** An answer of the engine with an error status; `message` is the engine's own sentence. */
export class EngineAnswerError extends Error {
  override readonly name = 'EngineAnswerError';

  constructor(
    readonly statusCode: number,
    message: string,
  ) {
    super(message);
  }
}

function property(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null && key in value ? Reflect.get(value, key) : undefined;
}

/** HTTP status of an engine error, whoever raised it (docker-modem puts it on `statusCode`); undefined for other errors. */
export function statusOf(error: unknown): number | undefined {
  const status = property(error, 'statusCode');
  return typeof status === 'number' ? status : undefined;
}

/** The operating system's or TLS's code of a failed connection, `ECONNRESET`; undefined for other errors. */
export function socketCodeOf(error: unknown): string | undefined {
  const code = property(error, 'code');
  return typeof code === 'string' ? code : undefined;
}

/** The engine's own sentence without docker-modem's `(HTTP code 404) …` frame around it. */
function sentenceOf(error: unknown): string {
  const own = property(property(error, 'json'), 'message');
  if (typeof own === 'string' && own !== '') return own.trim();
  return error instanceof Error ? error.message : String(error);
}

/** Of a failed connection to a unix socket, `address` is the socket's path. */
function hintOf(error: unknown, code: string): string {
  const path = property(error, 'address');
  const found = typeof path === 'string' && path.startsWith('/') ? socketHint(path, code) : undefined;
  return found ?? unreachableHint(code);
}

function unreachableHint(code: string): string {
  if (code === 'EACCES' || code === 'EPERM')
    return 'Permission to the socket was denied: add your user to the docker group, or use a rootless engine.';
  return 'Start the Docker engine, or set DOCKER_HOST or DOCKER_CONTEXT. `mcp-docker-exec doctor` says more.';
}

function unreachable(operation: string, reason: string, hint: string, cause: unknown): AppError {
  return new AppError('ENGINE_UNREACHABLE', `Cannot reach the Docker engine to ${operation} (${reason}).`, {
    cause,
    hint,
  });
}

/** undefined where the error is not about a connection. */
function fromConnection(error: unknown, operation: string): AppError | undefined {
  if (error instanceof UnreachableError) return unreachable(operation, error.message, error.hint, error);
  const code = socketCodeOf(error);
  if (code === undefined) return undefined;
  const tls = tlsFailure(code, sentenceOf(error));
  if (tls !== undefined) return unreachable(operation, `${code}: ${tls.reason}`, tls.hint, error);
  return UNREACHABLE.has(code) ? unreachable(operation, code, hintOf(error, code), error) : undefined;
}

/** What a status means for one operation, e.g. 404 → CONTAINER_NOT_FOUND when a container was asked for. */
export type StatusMeanings = Readonly<Record<number, ErrorCode>>;

/**
 * Maps whatever an engine call threw to an AppError. Status first, then socket code; never the text, which differs between
 * engines. `operation` continues "Cannot … to": "inspect the container".
 */
export function toEngineError(error: unknown, operation: string, meanings: StatusMeanings = {}): AppError {
  if (error instanceof AppError) return error;
  const status = statusOf(error);
  if (status !== undefined) {
    // There are no words in the answer to a HEAD.
    const sentence = sentenceOf(error) || `The engine refused to ${operation} (HTTP status ${status}).`;
    return new AppError(meanings[status] ?? 'ENGINE_ERROR', sentence, { cause: error });
  }
  return (
    fromConnection(error, operation) ??
    new AppError('ENGINE_ERROR', `The engine failed to ${operation}: ${sentenceOf(error)}`, { cause: error })
  );
}

/** A call took longer than it may: the engine, or what was still `underWay` before it heard of the call. */
export function engineTimeout(operation: string, deadlineMs: number, underWay?: UnreachableError): AppError {
  const what = `The engine did not ${operation} within ${deadlineMs} ms`;
  if (underWay !== undefined) {
    return new AppError('ENGINE_TIMEOUT', `${what}: ${underWay.message}.`, { cause: underWay, hint: underWay.hint });
  }
  return new AppError('ENGINE_TIMEOUT', `${what}.`, {
    hint: 'The engine may be overloaded or hung; `docker info` shows whether it answers at all.',
  });
}
