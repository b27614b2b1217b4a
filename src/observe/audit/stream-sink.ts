import type { Writable } from 'node:stream';
import { FIRST_PREV } from './chain.ts';
import type { AuditSink } from './sink.ts';

/** What may wait for a reader, in bytes. Clients are known not to read a server's stderr at all; beyond this, records are refused. */
const MAX_UNREAD_BYTES = 1_048_576;

/**
 * Records on a stream (stderr): a chain of its own for every start. A record counts as written once the stream has taken
 * it: to wait for its reader could be for ever. The stream stays open at the end.
 */
export function openStreamSink(stream: Writable): AuditSink {
  // Each failed write is told to its own caller; without a listener it would end the process as well.
  stream.on('error', () => undefined);
  return {
    prev: FIRST_PREV,
    append: (lines) => append(stream, lines),
    close: async () => undefined,
  };
}

function append(stream: Writable, lines: string): Promise<void> {
  if (stream.writableLength > MAX_UNREAD_BYTES) {
    return Promise.reject(new Error(`${stream.writableLength} bytes of records wait on stderr, which nobody reads`));
  }
  return new Promise((resolve, reject) => {
    stream.write(lines, (error) => (error ? reject(error) : resolve()));
    // A write to a stream that is gone fails before this turn of the loop ends; one still under way then has been taken.
    setImmediate(resolve);
  });
}
