/** What a WHATWG TextDecoder makes of the next bytes. */
export type Utf8Kind = 'valid' | 'invalid' | 'incomplete';

/** Longest well-formed sequence. */
const MAX_SEQUENCE = 4;

function lengthByLead(lead: number): number {
  if (lead < 0x80) return 1;
  if (lead < 0xc2) return 0;
  if (lead < 0xe0) return 2;
  if (lead < 0xf0) return 3;
  return lead < 0xf5 ? 4 : 0;
}

/** Unicode table 3-7: the second byte's range excludes overlong forms, surrogates and what lies past U+10FFFF. */
function isSecond(lead: number, byte: number): boolean {
  if (lead === 0xe0) return byte >= 0xa0 && byte <= 0xbf;
  if (lead === 0xed) return byte >= 0x80 && byte <= 0x9f;
  if (lead === 0xf0) return byte >= 0x90 && byte <= 0xbf;
  if (lead === 0xf4) return byte >= 0x80 && byte <= 0x8f;
  return isContinuation(byte);
}

function isContinuation(byte: number): boolean {
  return (byte & 0xc0) === 0x80;
}

/** One step of the decoder; `invalid` is a maximal subpart, for which it writes one U+FFFD. */
export class Utf8Step {
  kind: Utf8Kind = 'valid';
  length = 0;

  /** Reads the step at `start`; `[start, end)` must not be empty. One object serves many steps. */
  read(input: Uint8Array, start: number, end: number): this {
    const lead = input[start] ?? 0;
    const need = lengthByLead(lead);
    if (need === 0) return this.#set('invalid', 1);
    for (let i = 1; i < need; i++) {
      if (start + i === end) return this.#set('incomplete', i);
      const byte = input[start + i] ?? 0;
      const fits = i === 1 ? isSecond(lead, byte) : isContinuation(byte);
      if (!fits) return this.#set('invalid', i);
    }
    return this.#set('valid', need);
  }

  #set(kind: Utf8Kind, length: number): this {
    this.kind = kind;
    this.length = length;
    return this;
  }
}

const LEAD_BITS = [0, 0x7f, 0x1f, 0x0f, 0x07];

/** The code point of a well-formed sequence of `length` bytes. */
export function codePoint(input: Uint8Array, start: number, length: number): number {
  let point = (input[start] ?? 0) & (LEAD_BITS[length] ?? 0);
  for (let i = 1; i < length; i++) point = (point << 6) | ((input[start + i] ?? 0) & 0x3f);
  return point;
}

/** Boundaries of the decoder's step that covers a position; both are the position itself if it is one. */
export interface Utf8Boundary {
  readonly before: number;
  readonly after: number;
}

/**
 * `window` needs three bytes on each side of `at` (fewer only where the channel itself begins or ends): a step is found
 * from its lead byte, and a lead byte always begins a step.
 */
export function boundaryAround(window: Uint8Array, at: number): Utf8Boundary {
  for (let start = at - 1; start >= 0 && start > at - MAX_SEQUENCE; start--) {
    if (isContinuation(window[start] ?? 0)) continue;
    const end = start + new Utf8Step().read(window, start, window.length).length;
    if (end > at && at < window.length) return { before: start, after: end };
    break;
  }
  return { before: at, after: at };
}

/** Keeps the incomplete character at the end of a channel until its rest comes. */
export class Utf8Carry {
  readonly #bytes = new Uint8Array(MAX_SEQUENCE);
  readonly #step = new Utf8Step();
  size = 0;

  /** Takes `input[start, end)` in if it is nothing but the beginning of a character. */
  takeIncomplete(input: Uint8Array, start: number, end: number): boolean {
    if (start === end || end - start >= MAX_SEQUENCE) return false;
    if (this.#step.read(input, start, end).kind !== 'incomplete') return false;
    this.#bytes.set(input.subarray(start, end));
    this.size = end - start;
    return true;
  }

  /** The carried bytes and as many of `input[start, end)` as one character can need. */
  joinedWith(input: Uint8Array, start: number, end: number): Uint8Array {
    const added = Math.min(end - start, MAX_SEQUENCE - this.size);
    const joined = new Uint8Array(this.size + added);
    joined.set(this.#bytes.subarray(0, this.size));
    joined.set(input.subarray(start, start + added), this.size);
    return joined;
  }

  clear(): void {
    this.size = 0;
  }
}
