import { CONTROL_DEADLINE_MS } from '../engine/attempts.ts';
import { toEngineError } from '../engine/failure.ts';
import type { StreamSink } from '../engine/http-answer.ts';
import type { ByteStream } from '../engine/http-stream.ts';
import { type LogQuery, openLogs } from '../engine/logs.ts';
import { AppError } from '../errors.ts';
import type { RunContext } from './context.ts';
import { withDeadline } from './deadline.ts';
import type { StreamEnd } from './output.ts';
import { reserveConnection } from './reservation.ts';

/**
 * Opens a log; undefined where the run is ended before there is a connection for it. Throws AppError: LOGS_UNAVAILABLE,
 * CONTAINER_NOT_FOUND, ENGINE_TIMEOUT or another engine failure.
 */
export async function openLog(context: RunContext, query: LogQuery, sink: StreamSink): Promise<ByteStream | undefined> {
  const connection = await reserveConnection(context);
  if (connection === undefined) return undefined;
  try {
    return await withDeadline(CONTROL_DEADLINE_MS, (signal) => openLogs(connection, query, sink, signal));
  } catch (error) {
    if (error instanceof DOMException && error.name === 'TimeoutError') {
      throw new AppError('ENGINE_TIMEOUT', `The engine did not open the log within ${CONTROL_DEADLINE_MS} ms.`);
    }
    throw toEngineError(error, 'read the log', { 404: 'CONTAINER_NOT_FOUND', 501: 'LOGS_UNAVAILABLE' });
  } finally {
    connection.release();
  }
}

/** Takes one read, see `StreamSink`; calling `enough` ends the reading. */
type Take = (bytes: Uint8Array, enough: () => void) => boolean;

/** Reads a log until its end, until `take` has enough or the run is ended. Throws as `openLog` does, or the connection's error. */
export async function readLog(
  context: RunContext,
  query: LogQuery,
  take: Take,
  opened: (stream: ByteStream) => void = () => undefined,
): Promise<void> {
  let finish: (end: StreamEnd) => void = () => undefined;
  const ended = new Promise<StreamEnd>((resolve) => {
    finish = resolve;
  });
  const end = (): void => finish({ kind: 'end' });
  const data = (bytes: Uint8Array): boolean => take(bytes, end);
  const stream = await openLog(context, query, { data, end, error: (error) => finish({ kind: 'broken', error }) });
  if (stream === undefined) return;
  opened(stream);
  try {
    const first = await Promise.race([ended, context.ending.happened]);
    if (typeof first !== 'string' && first.kind === 'broken') throw first.error;
  } finally {
    stream.destroy();
  }
}
