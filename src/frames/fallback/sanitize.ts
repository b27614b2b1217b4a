import type { Sanitize } from '../demuxer.ts';

export const REPLACEMENT_POINT = 0xfffd;

/** Inclusive ranges of characters that reorder text or are not seen at all: bidi controls, zero-width characters, tags. */
const HIDDEN: readonly (readonly [number, number])[] = [
  [0x061c, 0x061c],
  [0x200b, 0x200f],
  [0x202a, 0x202e],
  [0x2060, 0x2060],
  [0x2066, 0x2069],
  [0xfeff, 0xfeff],
  [0xe0000, 0xe007f],
];

/** Whether a character of more than one byte is to be shown as U+FFFD instead. */
export function isMasked(point: number, mode: Sanitize): boolean {
  if (mode === 'none') return false;
  if (point >= 0x80 && point <= 0x9f) return true;
  return mode === 'strict' && HIDDEN.some(([first, last]) => point >= first && point <= last);
}

/** The picture that stands for an ASCII control character once output is sanitized, 0 for all other bytes. */
export function controlPicture(byte: number): number {
  if (byte === 0x7f) return 0x2421;
  const harmless = byte === 0x09 || byte === 0x0a || byte === 0x0d;
  return byte < 0x20 && !harmless ? 0x2400 + byte : 0;
}
