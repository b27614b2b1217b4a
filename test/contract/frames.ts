import type { DemuxerOptions } from '../../src/frames/demuxer.ts';

/** One of Docker's frames. `length` may lie about the payload. */
export function frame(type: number, payload: string | Uint8Array, length?: number): Buffer {
  const body = Buffer.from(typeof payload === 'string' ? Buffer.from(payload) : payload);
  const header = Buffer.alloc(8);
  header.writeUInt8(type, 0);
  header.writeUInt32BE(length ?? body.length, 4);
  return Buffer.concat([header, body]);
}

export function bytes(...values: number[]): Buffer {
  return Buffer.from(values);
}

/** Options of a streamed exec, with some of them changed. */
export function options(changed: Partial<DemuxerOptions> = {}): DemuxerOptions {
  return {
    framing: 'multiplexed',
    timestamps: 'absent',
    encoding: 'utf8',
    sanitize: 'none',
    keepBytes: 1_000_000,
    maxLines: 0,
    stream: { chunkBytes: 1024, progressTokenJson: '"token"' },
    ...changed,
  };
}
