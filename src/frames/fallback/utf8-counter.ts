import type { Channel } from '../demuxer.ts';
import { JsonEscaper } from './json-escape.ts';
import { Utf8Carry } from './utf8.ts';

/** Counts, where no text is written, the U+FFFD that writing it would take. */
export class Utf8Counter {
  readonly #escaper = new JsonEscaper('none');
  readonly #carries: Record<Channel, Utf8Carry> = { stdout: new Utf8Carry(), stderr: new Utf8Carry() };
  replacements = 0;

  take(channel: Channel, input: Uint8Array, start: number, end: number): void {
    const carry = this.#carries[channel];
    let at = carry.size === 0 ? start : this.#takeCarried(carry, input, start, end);
    while (at < end) {
      at = this.#escaper.plainEnd(input, at, end);
      if (at === end || carry.takeIncomplete(input, at, end)) return;
      at += this.#takeItem(input, at, end);
    }
  }

  #takeCarried(carry: Utf8Carry, input: Uint8Array, start: number, end: number): number {
    const joined = carry.joinedWith(input, start, end);
    const carried = carry.size;
    if (carry.takeIncomplete(joined, 0, joined.length)) return end;
    carry.clear();
    return start + this.#takeItem(joined, 0, joined.length) - carried;
  }

  #takeItem(input: Uint8Array, start: number, end: number): number {
    const item = this.#escaper.next(input, start, end);
    if (item.replaced) this.replacements++;
    return item.raw;
  }

  finish(): void {
    for (const carry of Object.values(this.#carries)) {
      const rest = carry.joinedWith(new Uint8Array(), 0, 0);
      if (rest.length > 0) this.#takeItem(rest, 0, rest.length);
      carry.clear();
    }
  }
}
