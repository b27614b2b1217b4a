import { describe, expect, it } from 'vitest';
import { javascriptContender, type WriteText } from '../../../benchmarks/demux/javascript.ts';
import { writeDecoded } from '../../../benchmarks/demux/javascript-decoded.ts';
import { writeBytes } from '../../../benchmarks/demux/javascript-latin1.ts';

function frame(type: number, payload: Buffer): Buffer {
  const header = Buffer.from([type, 0, 0, 0, 0, 0, 0, 0]);
  header.writeUInt32BE(payload.length, 4);
  return Buffer.concat([header, payload]);
}

/** The texts a contender hands on when `stream` comes in reads of `readBytes`. */
function textsOf(stream: Buffer, readBytes: number): string[] {
  const texts: string[] = [];
  const contender = javascriptContender((text, _out, at) => {
    texts.push(text.toString('utf8'));
    return at;
  });
  for (let at = 0; at < stream.length; at += readBytes) contender.take(stream.subarray(at, at + readBytes));
  return texts;
}

describe('the contender in JavaScript', () => {
  const text = '信息：a，'.repeat(5000);
  const bytes = Buffer.from(text);
  const frames: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += 77) frames.push(frame(1, bytes.subarray(at, at + 77)));
  // The last text is written once the channel changes.
  const stream = Buffer.concat([...frames, frame(2, Buffer.from('x'))]);

  it.each([1, 7, 84, 4096, 65_536])('brings out every character, none cut, from reads of %i bytes', (readBytes) => {
    expect(textsOf(stream, readBytes).join('') === text).toBe(true);
  });
});

describe.each<[string, WriteText]>([
  ['text decoded', writeDecoded],
  ['bytes as Latin-1', writeBytes],
])('JavaScript, %s', (_name, writeText) => {
  it.each([
    'plain\n',
    '"quoted" \\ \t\u0000\u001b[0m\n',
    '信息：已处理\n',
    '信息 "a"\n',
    '信息 \\ a\n',
    '信息\u0007\n',
    'é\u{1F600}\n',
  ])('writes %j as JSON', (text) => {
    const out = Buffer.alloc(200);
    const end = writeText(Buffer.from(text), out, 3);
    expect(JSON.parse(out.toString('utf8', 3, end))).toBe(text);
  });

  it('repairs what is not UTF-8', () => {
    const out = Buffer.alloc(200);
    const end = writeText(Buffer.from([0x61, 0xff, 0x62]), out, 0);
    expect(JSON.parse(out.toString('utf8', 0, end))).toBe('a\u{FFFD}b');
  });
});
