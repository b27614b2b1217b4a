import { describe, expect, it } from 'vitest';
import { LineReader, MAX_LINE_BYTES } from '../../../src/mcp/line-reader.ts';

function read(...chunks: readonly (string | Uint8Array)[]): string[] {
  const seen: string[] = [];
  const reader = new LineReader({ line: (text) => seen.push(text), oversized: () => seen.push('(oversized)') });
  for (const chunk of chunks) reader.push(Buffer.from(chunk));
  return seen;
}

const byteByByte = (text: string): Uint8Array[] => [...Buffer.from(text)].map((byte) => Uint8Array.of(byte));

describe('LineReader', () => {
  it('gives each line of a read', () => {
    expect(read('one\ntwo\nthree\n')).toEqual(['one', 'two', 'three']);
  });

  it('joins a line over reads, cut inside characters', () => {
    expect(read(...byteByByte('{"a":"ü😀"}\n{}\n'))).toEqual(['{"a":"ü😀"}', '{}']);
  });

  it('keeps an unfinished line to itself', () => {
    expect(read('one\ntw')).toEqual(['one']);
  });

  it('skips empty lines and takes CR LF', () => {
    expect(read('\n\r\n  \none\r\n')).toEqual(['one']);
  });

  it('takes a line of the largest size, and none that is larger', () => {
    const most = 'x'.repeat(MAX_LINE_BYTES);
    expect(read(`${most}\n`)).toEqual([most]);
    expect(read(`${most}x\nnext\n`)).toEqual(['(oversized)', 'next']);
  });

  it('says once that a line is too large, however many reads it takes, before it ends', () => {
    const megabytes = Array.from({ length: 30 }, () => 'x'.repeat(1_048_576));
    expect(read(...megabytes)).toEqual(['(oversized)']);
    expect(read(...megabytes, 'end\nnext\n')).toEqual(['(oversized)', 'next']);
  });
});
