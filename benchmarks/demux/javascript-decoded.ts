import { isAscii } from 'node:buffer';
import type { Contender } from './contender.ts';
import { javascriptContender } from './javascript.ts';

/**
 * Bytes become text, text a JSON string, that bytes again: what JavaScript has for it. ASCII goes by its shortest way;
 * for the rest `toString` and `write` were as fast as TextDecoder and TextEncoder.
 */
export function javascriptDecoded(): Contender {
  return javascriptContender(writeDecoded);
}

export function writeDecoded(text: Buffer, out: Buffer, at: number): number {
  const encoding = isAscii(text) ? 'latin1' : 'utf8';
  return at + out.write(JSON.stringify(text.toString(encoding)), at, encoding);
}
