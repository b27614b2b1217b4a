import type { ContainerId } from '../protocol/ids.ts';
import type { EngineClient } from './client.ts';
import type { StreamSink } from './http-answer.ts';
import type { ByteStream } from './http-stream.ts';

/** One read of a container's log, already validated. Times are the engine's `seconds.nanoseconds`. */
export interface LogQuery {
  readonly containerId: ContainerId;
  readonly stdout: boolean;
  readonly stderr: boolean;
  readonly tail: string;
  readonly since: string | undefined;
  readonly until: string | undefined;
  readonly follow: boolean;
}

function pathOf(query: LogQuery): string {
  const parameters = new URLSearchParams({
    stdout: query.stdout ? '1' : '0',
    stderr: query.stderr ? '1' : '0',
    tail: query.tail,
    follow: query.follow ? '1' : '0',
    timestamps: '1',
    ...(query.since === undefined ? {} : { since: query.since }),
    ...(query.until === undefined ? {} : { until: query.until }),
  });
  return `/containers/${query.containerId}/logs?${parameters.toString()}`;
}

/**
 * Opens the log. Timestamps are always asked for: the last one is where a later read goes on. HTTP/1.0, since in chunked
 * form every line would be a chunk, and an event, of its own.
 */
export function openLogs(
  engine: Pick<EngineClient, 'stream'>,
  query: LogQuery,
  sink: StreamSink,
  signal: AbortSignal,
): Promise<ByteStream> {
  return engine.stream({ method: 'GET', path: pathOf(query), body: '', mode: 'http1.0' }, sink, signal);
}
