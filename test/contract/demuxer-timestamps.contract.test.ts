import { describe, expect, it } from 'vitest';
import { type DemuxerOptions, STATE } from '../../src/frames/demuxer.ts';
import { AT_ONCE, drive } from './drive.ts';
import { frame, options } from './frames.ts';
import { IMPLEMENTATIONS } from './implementations.ts';
import { joined } from './oracle.ts';

const T1 = '2026-01-02T03:04:05.123456789Z';
const T2 = '2026-01-02T03:04:06.000000001Z';
const PARTIAL = 'p'.repeat(16_384);
const READS = [1, 2, 5, 31, 1 << 20];

describe.each(IMPLEMENTATIONS)('%s demuxer, timestamps', (_, create) => {
  const run = (input: Uint8Array, changed: Partial<DemuxerOptions>, size = 1 << 20) => {
    const demuxer = create(options(changed));
    const driven = drive(demuxer, input, { ...AT_ONCE, reads: [size] });
    const { chunks } = driven;
    return {
      ...driven,
      stdout: joined(chunks, 'stdout'),
      stderr: joined(chunks, 'stderr'),
      last: demuxer.lastTimestamps(),
    };
  };

  describe.each(READS)('multiplexed, in reads of %i', (size) => {
    it('strips or keeps each line‘s timestamp and knows the last of each channel', () => {
      const input = Buffer.concat([frame(1, `${T1} a\n`), frame(2, `${T2} b\n`)]);
      expect(run(input, { timestamps: 'strip' }, size)).toMatchObject({
        stdout: 'a\n',
        stderr: 'b\n',
        last: { stdout: T1, stderr: T2 },
      });
      expect(run(input, { timestamps: 'keep' }, size)).toMatchObject({
        stdout: `${T1} a\n`,
        stderr: `${T2} b\n`,
        last: { stdout: T1, stderr: T2 },
      });
    });

    it('knows them where the channels‘ lines do not stand in the order of their timestamps', () => {
      const input = Buffer.concat([frame(1, `${T1} a\n`), frame(1, `${T2} b\n`), frame(2, `${T1} c\n`)]);
      expect(run(input, { timestamps: 'strip' }, size).last).toEqual({ stdout: T2, stderr: T1 });
      expect(run(input, { timestamps: 'strip', maxLines: 2 }, size).last).toEqual({ stdout: T2, stderr: '' });
      expect(run(input, { timestamps: 'absent' }, size).last).toEqual({ stdout: '', stderr: '' });
    });

    it('always strips the timestamp of a frame that goes on with a line of its channel', () => {
      const input = Buffer.concat([
        frame(1, `${T1} ${PARTIAL}`),
        frame(2, `${T1} other\n`),
        frame(1, `${T1} rest\n`),
        frame(1, `${T2} next\n`),
      ]);
      const kept = run(input, { timestamps: 'keep' }, size);
      expect(kept.stdout).toBe(`${T1} ${PARTIAL}rest\n${T2} next\n`);
      expect(kept.state[STATE.lines]).toBe(3);
      const stripped = run(input, { timestamps: 'strip' }, size);
      expect(stripped.stdout).toBe(`${PARTIAL}rest\nnext\n`);
      expect(stripped.state[STATE.stdoutBytes]).toBe(PARTIAL.length + 10);
    });

    it('counts partial frames as one line of maxLines', () => {
      const input = Buffer.concat([frame(1, `${T1} a`), frame(1, `${T1} b\n`), frame(1, `${T2} c\n`)]);
      expect(run(input, { timestamps: 'strip', maxLines: 1 }, size)).toMatchObject({
        stdout: 'ab\n',
        last: { stdout: T1, stderr: '' },
      });
    });

    it.each([
      '2026-01-02T03:04:05Z',
      '2026-01-02T03:04:05.1Z',
      '2026-01-02T03:04:05+01:00',
      '2026-01-02T03:04:05.123456789-11:30',
    ])('accepts %s', (stamp) => {
      expect(run(frame(1, `${stamp} x\n`), { timestamps: 'strip' }, size)).toMatchObject({
        stdout: 'x\n',
        last: { stdout: stamp, stderr: '' },
      });
    });

    it.each([
      'no timestamp\n',
      '2026\n',
      '2026-01-02\n',
      `${T1}`,
      `${T1}x y\n`,
      '2026-01-02T03:04:05.1234567890Z x\n',
      '2026-01-02T03:04:05.Z x\n',
      '2026-01-02 03:04:05Z x\n',
      '00000000000000000000000000000000000000000 x\n',
      ' x\n',
      '\n',
    ])('passes on as content what is no timestamp: %j', (line) => {
      const input = Buffer.concat([frame(1, line), frame(2, `${T1} x\n`)]);
      const last = { stdout: '', stderr: T1 };
      expect(run(input, { timestamps: 'strip' }, size)).toMatchObject({ stdout: line, stderr: 'x\n', last });
      expect(run(input, { timestamps: 'keep' }, size)).toMatchObject({ stdout: line, last });
    });

    it('takes a stream that ends inside a timestamp', () => {
      const input = frame(1, T1.slice(0, 10), 100);
      expect(run(input, { timestamps: 'strip' }, size)).toMatchObject({
        stdout: T1.slice(0, 10),
        last: { stdout: '' },
      });
    });
  });

  describe.each(READS)('raw, in reads of %i', (size) => {
    const raw = (text: string, timestamps: 'keep' | 'strip') =>
      run(Buffer.from(text), { framing: 'raw', timestamps }, size);

    it('finds one at the start and behind each newline', () => {
      const text = `${T1} a\r\n${T1} b ${T2} c\r\n${T2} d`;
      expect(raw(text, 'strip')).toMatchObject({ stdout: `a\r\nb ${T2} c\r\nd`, last: { stdout: T2, stderr: '' } });
      expect(raw(text, 'keep')).toMatchObject({ stdout: text, last: { stdout: T2, stderr: '' } });
    });

    it('strips the one the engine puts into a line of more than 16 KiB', () => {
      const text = `${T1} ${PARTIAL}${T1} ${PARTIAL}${T2} end\n${T2} next\n`;
      expect(raw(text, 'keep').stdout).toBe(`${T1} ${PARTIAL}${PARTIAL}end\n${T2} next\n`);
      expect(raw(text, 'strip').stdout).toBe(`${PARTIAL}${PARTIAL}end\nnext\n`);
    });

    it('leaves content alone that is not where the engine cuts', () => {
      const text = `${T1} ${PARTIAL}x${T1} y\n${T1} ${PARTIAL.slice(1)}${T1} z\n${T1} ${PARTIAL}\n`;
      expect(raw(text, 'keep').stdout).toBe(text);
    });
  });
});
