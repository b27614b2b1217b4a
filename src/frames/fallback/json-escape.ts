import type { Sanitize } from '../demuxer.ts';
import { controlPicture, isMasked, REPLACEMENT_POINT } from './sanitize.ts';
import { codePoint, Utf8Step } from './utf8.ts';

/** Bytes an item can take in a JSON string. */
export const ITEM_ROOM = 8;

/** One character, or one run of bytes that is none, as it is written into a JSON string. */
export interface EscapedItem {
  /** Bytes of input it stands for. */
  readonly raw: number;
  /** Its UTF-8 size before JSON escaping. */
  readonly text: number;
  /** What is written. */
  readonly bytes: Uint8Array;
  /** Whether it is U+FFFD because the input was not UTF-8. */
  readonly replaced: boolean;
}

const encoder = new TextEncoder();
const REPLACEMENT = encoder.encode(String.fromCodePoint(REPLACEMENT_POINT));

function asciiItem(byte: number, sanitized: boolean): EscapedItem {
  const picture = sanitized ? controlPicture(byte) : 0;
  const character = String.fromCodePoint(picture === 0 ? byte : picture);
  const bytes = encoder.encode(JSON.stringify(character).slice(1, -1));
  return { raw: 1, text: picture === 0 ? 1 : bytes.length, bytes, replaced: false };
}

function asciiItems(sanitized: boolean): readonly EscapedItem[] {
  return Array.from({ length: 0x80 }, (_, byte) => asciiItem(byte, sanitized));
}

const PLAIN_ITEMS = asciiItems(false);
const SANITIZED_ITEMS = asciiItems(true);

/** 1 for every byte that stands for itself in a JSON string. */
function plainBytes(items: readonly EscapedItem[]): Uint8Array {
  return Uint8Array.from({ length: 0x100 }, (_, byte) => (items[byte]?.bytes[0] === byte && byte !== 0x5c ? 1 : 0));
}

/**
 * Turns a channel's bytes into the inside of a JSON string: UTF-8 is repaired as a WHATWG TextDecoder (ignoreBOM) does,
 * then sanitized, then escaped as JSON.stringify does.
 */
export class JsonEscaper {
  readonly #mode: Sanitize;
  readonly #items: readonly EscapedItem[];
  readonly #plain: Uint8Array;
  readonly #step = new Utf8Step();

  constructor(mode: Sanitize) {
    this.#mode = mode;
    this.#items = mode === 'none' ? PLAIN_ITEMS : SANITIZED_ITEMS;
    this.#plain = plainBytes(this.#items);
  }

  /** End of the longest part of `input[start, end)` that can stay as it is, whole characters only. */
  plainEnd(input: Uint8Array, start: number, end: number): number {
    let at = start;
    while (at < end) {
      const byte = input[at] ?? 0;
      const length = byte < 0x80 ? (this.#plain[byte] ?? 0) : this.#plainWide(input, at, end);
      if (length === 0) break;
      at += length;
    }
    return at;
  }

  #plainWide(input: Uint8Array, start: number, end: number): number {
    const step = this.#step.read(input, start, end);
    if (step.kind !== 'valid') return 0;
    const masked = this.#mode !== 'none' && isMasked(codePoint(input, start, step.length), this.#mode);
    return masked ? 0 : step.length;
  }

  /** The item at `start`; `[start, end)` must not be empty, and an incomplete character counts as ended. */
  next(input: Uint8Array, start: number, end: number): EscapedItem {
    const ascii = this.#items[input[start] ?? 0];
    if (ascii !== undefined) return ascii;
    const { kind, length } = this.#step.read(input, start, end);
    const replaced = kind !== 'valid';
    if (replaced || isMasked(codePoint(input, start, length), this.#mode)) {
      return { raw: length, text: REPLACEMENT.length, bytes: REPLACEMENT, replaced };
    }
    return { raw: length, text: length, bytes: input.subarray(start, start + length), replaced };
  }

  /** All of `input`, in pieces. */
  *escape(input: Uint8Array): Generator<Uint8Array> {
    for (let at = 0; at < input.length; ) {
      const end = this.plainEnd(input, at, input.length);
      if (end > at) yield input.subarray(at, end);
      at = end;
      if (at === input.length) return;
      const item = this.next(input, at, input.length);
      yield item.bytes;
      at += item.raw;
    }
  }
}
