import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chooseDemuxer } from '../../src/frames/choose.ts';
import { type Demuxer, STATE } from '../../src/frames/demuxer.ts';
import { anyOptions, pieces, plan, rawOf, toFrames } from './arbitrary.ts';
import { drive, type Plan } from './drive.ts';
import { frame, options } from './frames.ts';
import { IMPLEMENTATIONS } from './implementations.ts';
import { decode, faults, joined, keep, read, replacements } from './oracle.ts';

const CHUNK_BYTES = 300;
const stream = { chunkBytes: CHUNK_BYTES, progressTokenJson: '1' };

describe.each(IMPLEMENTATIONS)('%s demuxer, any output in any reads', (_, create) => {
  it('delivers exactly what a decoder makes of each channel, in chunks with right figures', () => {
    fc.assert(
      fc.property(pieces, plan, (sent, reads) => {
        const { chunks, state } = drive(create(options({ stream })), toFrames(sent), reads);
        const [stdout, stderr] = [rawOf(sent, 'stdout'), rawOf(sent, 'stderr')];
        expect(joined(chunks, 'stdout')).toBe(decode(stdout));
        expect(joined(chunks, 'stderr')).toBe(decode(stderr));
        expect(faults(chunks, CHUNK_BYTES)).toEqual([]);
        expect(state[STATE.replacements]).toBe(replacements(stdout) + replacements(stderr));
        expect(state[STATE.deliveredBytes]).toBe(stdout.length + stderr.length);
      }),
      { numRuns: 300 },
    );
  });

  it('keeps head and tail of both channels within the budget, cut at characters', () => {
    const budget = fc.oneof(fc.nat(60), fc.nat(3000));
    fc.assert(
      fc.property(pieces, plan, budget, (sent, reads, keepBytes) => {
        const demuxer = create(options({ keepBytes, stream: null }));
        drive(demuxer, toFrames(sent), reads);
        const expected = keep(rawOf(sent, 'stdout'), rawOf(sent, 'stderr'), keepBytes);
        expect(read(demuxer.kept(1e9))).toEqual(expected);
      }),
      { numRuns: 200 },
    );
  });

  it('cuts kept output to the escaped size that is left, with the figures still right', () => {
    fc.assert(
      fc.property(pieces, fc.nat(4000), (sent, maxEscapedBytes) => {
        const demuxer = create(options({ stream: null }));
        drive(demuxer, toFrames(sent));
        const kept = demuxer.kept(maxEscapedBytes);
        expect(kept.stdout.length + kept.stderr.length).toBeLessThanOrEqual(maxEscapedBytes);
        const whole = keep(rawOf(sent, 'stdout'), rawOf(sent, 'stderr'), 1e9);
        const size = Buffer.byteLength(JSON.stringify([whole.stdout, whole.stderr])) - '["",""]'.length;
        expect(kept.truncated).toBe(size > maxEscapedBytes);
        if (!kept.truncated) expect(read(kept)).toEqual(whole);
      }),
      { numRuns: 150 },
    );
  });
});

describe('both demuxers', () => {
  const STAMP = '2026-01-02T03:04:05.123456789Z ';
  const input = fc
    .tuple(pieces, fc.array(fc.constantFrom('', STAMP, STAMP.slice(0, 9)), { minLength: 1, maxLength: 4 }), fc.nat(40))
    .map(([sent, stamps, odd]) => {
      const frames = sent.map(({ type, payload }, index) =>
        frame(type, Buffer.concat([Buffer.from(stamps[index % stamps.length] ?? ''), payload])),
      );
      const strange = odd < 3 ? [frame(odd + 2, 'strange')] : [];
      return Buffer.concat([...frames, ...strange, ...frames.slice(0, 2)]);
    });

  const everything = (demuxer: Demuxer, bytes: Buffer, reads: Plan, maxEscapedBytes: number) => {
    const { lines, states, state } = drive(demuxer, bytes, reads);
    const kept = demuxer.kept(maxEscapedBytes);
    return { lines, states, state, kept, last: demuxer.lastTimestamps(), error: demuxer.systemError() };
  };

  it('do the same to the byte, whatever the options, the input and its reads', () => {
    fc.assert(
      fc.property(anyOptions, input, plan, fc.nat(20_000), (chosen, bytes, reads, maxEscapedBytes) => {
        const native = everything(chooseDemuxer('require').create(chosen), bytes, reads, maxEscapedBytes);
        const javascript = everything(chooseDemuxer('off').create(chosen), bytes, reads, maxEscapedBytes);
        expect(native).toEqual(javascript);
      }),
      { numRuns: 400 },
    );
  });
});
