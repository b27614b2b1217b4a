import { createCipheriv } from 'node:crypto';
import { BROKEN_SEQUENCES } from './broken-sequences.ts';

/** The same figures in every run: mulberry32, from 0 up to, not including, `below`. */
function seeded(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

type Tokens = readonly (string | Uint8Array)[];

/** Tokens in random order, each whole, then `last`; at most `bytes` long, and short of it by less than a token. */
function shuffled(tokens: Tokens, seed: number, last = new Uint8Array(0)): (bytes: number) => Buffer {
  const parts = tokens.map((token) => Buffer.from(token));
  return (bytes) => {
    const out = Buffer.alloc(bytes);
    const random = seeded(seed);
    const next = (): Uint8Array => parts[random(parts.length)] ?? last;
    let end = 0;
    for (let part = next(); end + part.length + last.length <= bytes; part = next()) {
      out.set(part, end);
      end += part.length;
    }
    out.set(last, end);
    return out.subarray(0, end + last.length);
  };
}

/** Random bytes are the key stream of a cipher: fast, and the same everywhere. */
function binary(bytes: number): Buffer {
  return createCipheriv('aes-128-ctr', Buffer.alloc(16, 7), Buffer.alloc(16, 9)).update(Buffer.alloc(bytes));
}

const EMOJI: Tokens = ['😀', '👩‍👩‍👧‍👦', '🏳️‍🌈', '🇩🇪🇯🇵', '🇺', '👍🏽', '👩🏿‍❤️‍💋‍👨🏻', '🏴󠁧󠁢󠁳󠁣󠁴󠁿', '1️⃣', '☺️', 'x', '\n'];
const CJK: Tokens = ['漢字', 'かな', '交じり文。', '한국어', '請求已處理', '𠮷', '𪚥', '　', 'ａ', 'ab', '"', '\n'];
const COMBINING: Tokens = [
  'e\u0301',
  'q\u0307\u0323',
  'Z\u0351\u036b\u0343\u036a\u0302\u036b\u033d\u034f\u0334\u0319\u0324\u031e\u0349\u035a\u032f\u031e\u0320\u034d',
  '\u0301',
  '\u1112\u1161\u11ab',
  'क्षि',
  'กำ้',
  'لَا',
  '\u200f\u202e\u2066a\u2069\u202c',
  '\ufe0f',
  '𝅘𝅥𝅮',
  '\n',
];
const ANSI: Tokens = [
  '\u001b[31mred\u001b[0m',
  '\u001b]8;;http://x/?a=1&b="2"\u0007link\u001b]8;;\u0007',
  '\u001b]0;title\u001b\\',
  '\u001b[38;2;1;2;3m',
  '\u009b2J',
  '\u001b[2K\r',
  '\u001bP1$r\u001b\\',
  '\u0008\u007f\u000e\u000f',
  'progress 50%',
  '\r\n',
  '\n',
];
const NULS: Tokens = [...[1, 2, 3, 7, 64, 255, 1000].map((size) => new Uint8Array(size)), 'a', '\u00fc', '😀'];
const LINE_ENDS: Tokens = [
  '\r\n',
  '\n',
  '\r',
  '\r\r\n',
  '\n\r',
  '\ufeff',
  '\u0085',
  '\u2028\u2029',
  '\\r\\n',
  '\\"\t\f\v',
  '\ufffd',
  'line',
  'größer',
];
const BOM = '\ufeff';
/** A character that never gets its last byte. */
const UNFINISHED = Uint8Array.of(0xf0, 0x9f, 0x98);

const GENERATORS = {
  emoji: shuffled(EMOJI, 1),
  cjk: shuffled(CJK, 2),
  combining: shuffled(COMBINING, 3),
  binary,
  ansi: shuffled(ANSI, 4),
  nuls: shuffled(NULS, 5),
  broken: shuffled([...BROKEN_SEQUENCES, 'ok', 'ü', '😀', '\n'], 6, UNFINISHED),
  lineEnds: (bytes: number) => Buffer.concat([Buffer.from(BOM), shuffled(LINE_ENDS, 7)(bytes - 3)]),
} as const;

export type CorpusName = keyof typeof GENERATORS;

/** Every kind of trouble that output can be to what cuts, decodes and escapes it. */
export const CORPUS_NAMES = Object.keys(GENERATORS).filter((name): name is CorpusName => name in GENERATORS);

/** At most `bytes` bytes of one kind, the same in every run; short of it by less than 1000. */
export function corpus(name: CorpusName, bytes: number): Buffer {
  return GENERATORS[name](bytes);
}
