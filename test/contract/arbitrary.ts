import fc from 'fast-check';
import { type DemuxerOptions, MIN_OUT_BYTES } from '../../src/frames/demuxer.ts';
import type { Plan } from './drive.ts';
import { frame, options } from './frames.ts';

const FRAGMENTS = [
  ...['a', 'plain words, more than sixteen bytes of them', '"', '\\', '\n', '\r\n', '\u0000', '\u001b[31m', '\u007f'],
  ...[
    'é',
    'Привет',
    '日本語の文字が続く',
    '😀',
    '\u0085',
    '\u200b',
    '\u2066',
    '\u061c',
    '\ufeff',
    '\ufffd',
    '\u{e0041}',
  ],
].map((text) => Buffer.from(text));
const BROKEN = [[0x80], [0xc0], [0xe2], [0xe2, 0x82], [0xed, 0xa0, 0x80], [0xf0, 0x90], [0xf4, 0x90], [0xff]].map(
  (raw) => Buffer.from(raw),
);

/** Bytes as commands write them, and as they should not. */
const output: fc.Arbitrary<Buffer> = fc
  .array(
    fc.oneof(
      { weight: 6, arbitrary: fc.constantFrom(...FRAGMENTS) },
      { weight: 2, arbitrary: fc.constantFrom(...BROKEN) },
      { weight: 1, arbitrary: fc.uint8Array({ maxLength: 40 }).map((raw) => Buffer.from(raw)) },
      { weight: 1, arbitrary: fc.nat(3000).map((size) => Buffer.alloc(size, 'x')) },
    ),
    { maxLength: 40 },
  )
  .map((parts) => Buffer.concat(parts));

export interface Piece {
  readonly type: 0 | 1 | 2;
  readonly payload: Buffer;
}

export const pieces: fc.Arbitrary<readonly Piece[]> = fc.array(
  fc.record({ type: fc.constantFrom(0, 1, 2), payload: output }),
  { maxLength: 12 },
);

export function toFrames(sent: readonly Piece[]): Buffer {
  return Buffer.concat(sent.map(({ type, payload }) => frame(type, payload)));
}

/** All raw bytes of a channel. */
export function rawOf(sent: readonly Piece[], channel: 'stdout' | 'stderr'): Buffer {
  const own = sent.filter(({ type }) => (type === 2) === (channel === 'stderr'));
  return Buffer.concat(own.map(({ payload }) => payload));
}

export const plan: fc.Arbitrary<Plan> = fc.record({
  reads: fc.array(fc.oneof(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 1, max: 9000 })), {
    minLength: 1,
    maxLength: 8,
  }),
  flushes: fc.array(fc.boolean(), { minLength: 1, maxLength: 5 }),
  outBytes: fc.integer({ min: MIN_OUT_BYTES, max: MIN_OUT_BYTES + 2000 }),
});

const stream = fc.record({
  chunkBytes: fc.integer({ min: 256, max: 600 }),
  progressTokenJson: fc.constantFrom('7', '"t"', `"${'t'.repeat(6000)}"`),
});

/** Every option there is. */
export const anyOptions: fc.Arbitrary<DemuxerOptions> = fc
  .record({
    framing: fc.constantFrom<DemuxerOptions['framing'][]>('multiplexed', 'raw'),
    timestamps: fc.constantFrom<DemuxerOptions['timestamps'][]>('absent', 'keep', 'strip'),
    encoding: fc.constantFrom<DemuxerOptions['encoding'][]>('utf8', 'base64'),
    sanitize: fc.constantFrom<DemuxerOptions['sanitize'][]>('none', 'ansi', 'strict'),
    keepBytes: fc.oneof(fc.nat(300), fc.nat(20_000)),
    maxLines: fc.oneof(
      { weight: 3, arbitrary: fc.constant(0) },
      { weight: 1, arbitrary: fc.integer({ min: 1, max: 9 }) },
    ),
    stream: fc.option(stream),
  })
  .map(options);
