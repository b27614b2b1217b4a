import { describe, expect, it } from 'vitest';
import { drive } from './drive.ts';
import { frame, options } from './frames.ts';
import { IMPLEMENTATIONS } from './implementations.ts';
import { keep, read } from './oracle.ts';

const MEBIBYTE = 1 << 20;

describe.each(IMPLEMENTATIONS)('%s demuxer, kept output', (_, create) => {
  const kept = (input: Uint8Array, keepBytes: number, maxEscapedBytes = 1e9) => {
    const demuxer = create(options({ keepBytes, stream: null }));
    drive(demuxer, input);
    return demuxer.kept(maxEscapedBytes);
  };

  it('joins head and tail by the omission line', () => {
    expect(read(kept(frame(1, 'head1\nmiddle\ntail1\n'), 12))).toEqual({
      stdout: 'head1\n[... 7 bytes omitted ...]\ntail1\n',
      stderr: '',
      truncated: true,
    });
    expect(read(kept(frame(1, 'abcdefgh'), 4)).stdout).toBe('ab\n[... 4 bytes omitted ...]\ngh');
  });

  it('keeps nothing but the omission line with no budget', () => {
    expect(read(kept(frame(2, 'abc'), 0))).toEqual({
      stdout: '',
      stderr: '[... 3 bytes omitted ...]\n',
      truncated: true,
    });
  });

  it.each([1, 2, 3, 4, 5, 6, 7, 9, 11, 64, 65])(
    'gives what one channel does not need to the other, of %i bytes',
    (budget) => {
      const [stdout, stderr] = [Buffer.from('日本語😀x'.repeat(9)), Buffer.from('é1')];
      const input = Buffer.concat([frame(1, stdout), frame(2, stderr)]);
      expect(read(kept(input, budget))).toEqual(keep(stdout, stderr, budget));
      const other = Buffer.concat([frame(2, stdout), frame(1, stderr)]);
      expect(read(kept(other, budget))).toEqual(keep(stderr, stdout, budget));
    },
  );

  it('keeps both channels whole when they fit exactly, and not with one byte less', () => {
    const input = Buffer.concat([frame(1, 'x'.repeat(70)), frame(2, 'y'.repeat(30))]);
    expect(kept(input, 100).truncated).toBe(false);
    expect(kept(input, 99).truncated).toBe(true);
  });

  it('fits what escapes badly into the message, and keeps most of the room used', () => {
    const input = frame(
      1,
      `${'\u0001'.repeat(MEBIBYTE / 4)}${'x'.repeat(MEBIBYTE / 2)}${'\u0001'.repeat(MEBIBYTE / 4)}`,
    );
    for (const limit of [MEBIBYTE, 2 * MEBIBYTE]) {
      const { stdout, truncated } = kept(input, MEBIBYTE, limit);
      expect(truncated).toBe(true);
      expect(stdout.length).toBeLessThanOrEqual(limit);
      expect(stdout.length).toBeGreaterThan(limit * 0.9);
    }
  });

  it('keeps nothing where not even the omission line fits', () => {
    const { stdout, stderr, truncated } = kept(frame(1, 'some output'), 100, 5);
    expect([stdout.length, stderr.length, truncated]).toEqual([0, 0, true]);
  });

  it('keeps the ends of far more than it stores', () => {
    const demuxer = create(options({ keepBytes: 1001, stream: null }));
    const line = Buffer.from('0123456789abcde\n'.repeat(4096));
    const sent = Buffer.concat([frame(1, line, line.length * 100), ...Array.from({ length: 99 }, () => line)]);
    drive(demuxer, sent);
    const { stdout } = read(demuxer.kept(1e6));
    expect(stdout.startsWith('0123456789abcde\n0')).toBe(true);
    expect(stdout.endsWith('\n0123456789abcde\n')).toBe(true);
    expect(stdout).toContain(`[... ${line.length * 100 - 1001} bytes omitted ...]`);
  });
});
