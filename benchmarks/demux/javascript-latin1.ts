import { isAscii, isUtf8 } from 'node:buffer';
import type { Contender } from './contender.ts';
import { javascriptContender } from './javascript.ts';
import { writeDecoded } from './javascript-decoded.ts';

/** All that JSON escapes below U+0100, but for the newline. */
const SPECIAL = /["\\\x00-\x09\x0b-\x1f]/;

/**
 * The fastest JavaScript found: well-formed UTF-8 is never decoded. Each byte passes for a character of Latin-1, since
 * JSON.stringify leaves what is above ASCII alone, and goes out as the same byte.
 */
export function javascriptLatin1(): Contender {
  return javascriptContender(writeBytes);
}

export function writeBytes(text: Buffer, out: Buffer, at: number): number {
  if (!isUtf8(text)) return writeDecoded(text, out, at);
  const bytes = text.toString('latin1');
  return at + out.write(isAscii(text) || SPECIAL.test(bytes) ? JSON.stringify(bytes) : quoted(bytes), at, 'latin1');
}

/** Where nothing but newlines is escaped, faster than JSON.stringify on two sorts of bytes. */
function quoted(bytes: string): string {
  return `"${bytes.replaceAll('\n', '\\n')}"`;
}
