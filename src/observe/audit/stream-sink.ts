import type { Writable } from 'node:stream';
import { FIRST_PREV } from './chain.ts';
import type { AuditSink } from './sink.ts';

/** Records on a stream (stderr): a chain of its own for every start. The stream stays open at the end. */
export function openStreamSink(stream: Writable): AuditSink {
  return {
    prev: FIRST_PREV,
    append: (lines) =>
      new Promise((resolve, reject) => {
        stream.write(lines, (error) => (error ? reject(error) : resolve()));
      }),
    close: async () => undefined,
  };
}
