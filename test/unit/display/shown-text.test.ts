import { describe, expect, it } from 'vitest';
import { shownBytes, shownText } from '../../../src/display/shown-text.ts';

/** As it arrives at a reader: escaped, shown, and read again. */
function seen(text: string): string {
  return JSON.parse(`"${shownText(JSON.stringify(text).slice(1, -1))}"`);
}

it.each([
  ['colours', '\u001b[31mred\u001b[0m', '␛[31mred␛[0m'],
  ['links', '\u001b]8;;http://evil.example\u001b\\here\u001b]8;;\u0007', '␛]8;;http://evil.example␛\\here␛]8;;␇'],
  ['C1', 'a\u009b31mb\u0085', 'a\ufffd31mb\ufffd'],
  ['DEL, NUL, backspace, form feed', 'a\u007f\u0000\b\fb', 'a␡␀␈␌b'],
  ['bidi controls', 'a\u202eb\u2066c\u200fd\u061ce', 'a\ufffdb\ufffdc\ufffdd\ufffde'],
  ['tags', 'a\u{e0041}\u{e007f}b', 'a\ufffd\ufffdb'],
])('shows %s instead of letting them act', (_what, text, shown) => {
  expect(seen(text)).toBe(shown);
});

it.each(['tabs\tand\nlines\r\n', 'C:\\users\\new \\u001b \\\\b "quoted"', '中文 é 👨‍👩‍👧 \u200c'])(
  'leaves %j as it is',
  (text) => {
    expect(seen(text)).toBe(text);
    expect(shownBytes(Buffer.from(JSON.stringify(text)), 1000)).toBeUndefined();
  },
);

describe('bytes', () => {
  it('stay within their bound, where pictures are longer than what they stand for', () => {
    const escaped = Buffer.from('\u007f'.repeat(100));
    expect(Buffer.from(shownBytes(escaped, 300) ?? '').toString()).toBe('␡'.repeat(100));
    expect(Buffer.from(shownBytes(escaped, 299) ?? '').toString()).toBe('?'.repeat(100));
  });
});
