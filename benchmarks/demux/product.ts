import { type Demuxer, type DemuxerOptions, STATE } from '../../src/frames/demuxer.ts';
import type { Contender } from './contender.ts';

/** As a run of the server has them. */
const BUFFERS = 6;
const BUFFER_BYTES = 262_144;
const FLUSH_BYTES = 65_536;
const CHUNK_BYTES = 16_384;

const OPTIONS = {
  framing: 'multiplexed',
  timestamps: 'absent',
  encoding: 'utf8',
  sanitize: 'none',
  maxLines: 0,
} as const;

/** What a streamed call does: JSON-RPC lines in the buffers that go round, and the kept output of the result. */
export const STREAMING: DemuxerOptions = {
  ...OPTIONS,
  keepBytes: 1_048_576,
  stream: { chunkBytes: CHUNK_BYTES, progressTokenJson: '1' },
};

/** What a buffered call does: nothing is written until the result. */
export const BUFFERED: DemuxerOptions = { ...OPTIONS, keepBytes: 65_536, stream: null };

/** Drives either demuxer of the product as the worker does, without sockets and threads. */
export function productContender(demuxer: Demuxer): Contender {
  const buffers = Array.from({ length: BUFFERS }, () => new Uint8Array(BUFFER_BYTES));
  let turn = 0;
  let end = 0;
  const out = (): Uint8Array => buffers[turn % BUFFERS] ?? new Uint8Array(BUFFER_BYTES);
  const handOn = (): void => {
    turn += 1;
    end = 0;
  };
  return {
    take(read) {
      for (let start = 0; start < read.length; ) {
        start += demuxer.push(read, start, read.length, out(), end);
        end = demuxer.state[STATE.outEnd] ?? 0;
        if (start < read.length) handOn();
      }
      if (end < FLUSH_BYTES) return;
      demuxer.flush(out(), end);
      handOn();
    },
    payloadBytes: () => (demuxer.state[STATE.stdoutBytes] ?? 0) + (demuxer.state[STATE.stderrBytes] ?? 0),
  };
}
