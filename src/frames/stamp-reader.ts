import type { Channel, Framing, LastTimestamps, TimestampMode } from './demuxer.ts';
import { isTimestampByte, MAX_TIMESTAMP, PARTIAL_BYTES, timestampAt, toTimestamp } from './timestamp.ts';

const NEWLINE = 0x0a;
const SPACE = 0x20;

/** What the next bytes are: `skipped` that were dealt with, then `content` that are the channel's. */
export interface Piece {
  readonly skipped: number;
  readonly content: number;
}

/**
 * Tells the timestamps that the engine puts into a log from the log's content.
 *
 * Multiplexed, every frame starts with one; raw, every line does. The engine cuts lines longer than 16 KiB into partial
 * messages that carry one each: those in the middle of a line are always left out.
 */
export class StampReader {
  readonly #raw: boolean;
  readonly #keep: boolean;
  #inStamp = true;
  /** Whether the timestamp being read stays in the output. */
  #keepThis: boolean;
  readonly #held = new Uint8Array(MAX_TIMESTAMP);
  #heldSize = 0;
  #released = 0;
  /** Raw framing: bytes of this line's content after which the engine cuts it. */
  #partialLeft = PARTIAL_BYTES;
  /** Whether a channel's last frame left its line unfinished. */
  readonly #continues: Record<Channel, boolean> = { stdout: false, stderr: false };
  #lastByte = 0;
  /** The current frame's. */
  #channel: Channel = 'stdout';
  readonly #last: Record<Channel, string> = { stdout: '', stderr: '' };

  constructor(framing: Framing, mode: TimestampMode) {
    this.#raw = framing === 'raw';
    this.#keep = mode === 'keep';
    this.#keepThis = this.#keep;
  }

  /** The last timestamp read of each channel, '' before its first. */
  last(): LastTimestamps {
    return { ...this.#last };
  }

  beginFrame(channel: Channel): void {
    this.#channel = channel;
    this.#beginStamp(this.#keep && !this.#continues[channel]);
    this.#lastByte = 0;
  }

  endFrame(channel: Channel): void {
    this.#continues[channel] = this.#lastByte !== NEWLINE;
  }

  /** `[start, end)` must not be empty; `endsFrame` says that the frame ends with it. Only when nothing is held back. */
  next(input: Uint8Array, start: number, end: number, endsFrame: boolean): Piece {
    if (this.#inStamp) return this.#nextInStamp(input, start, end, endsFrame);
    if (!this.#raw) return { skipped: 0, content: end - start };
    const limit = Math.min(end, start + this.#partialLeft);
    const newline = input.subarray(start, limit).indexOf(NEWLINE);
    return { skipped: 0, content: newline === -1 ? limit - start : newline + 1 };
  }

  #nextInStamp(input: Uint8Array, start: number, end: number, endsFrame: boolean): Piece {
    const stamp = this.#heldSize === 0 ? timestampAt(input, start, end) : '';
    if (stamp !== '') return this.#acceptInPlace(stamp);
    for (let at = start; at < end; at++) {
      const byte = input[at] ?? 0;
      const held = byte === SPACE ? toTimestamp(this.#held.subarray(0, this.#heldSize)) : '';
      if (held !== '') return this.#acceptHeld(held, at - start);
      const last = endsFrame && at + 1 === end;
      // The byte that decides is left for the content: while it waits, the caller knows that there is more to come.
      if (last || this.#heldSize === MAX_TIMESTAMP || !isTimestampByte(byte)) return this.#refuse(at - start);
      this.#held[this.#heldSize++] = byte;
    }
    return { skipped: end - start, content: 0 };
  }

  #acceptInPlace(stamp: string): Piece {
    this.#last[this.#channel] = stamp;
    this.#inStamp = false;
    if (!this.#keepThis) return { skipped: stamp.length + 1, content: 0 };
    this.#partialLeft += stamp.length + 1;
    return { skipped: 0, content: 0 };
  }

  #acceptHeld(stamp: string, skipped: number): Piece {
    this.#last[this.#channel] = stamp;
    this.#inStamp = false;
    if (this.#keepThis) {
      this.#partialLeft += 1; // For the space.
      return { skipped, content: 0 };
    }
    this.#released = this.#heldSize;
    return { skipped: skipped + 1, content: 0 };
  }

  #refuse(skipped: number): Piece {
    this.#partialLeft -= this.#heldSize;
    this.#inStamp = false;
    return { skipped, content: 0 };
  }

  /** `input[start, end)`, the start of what `next` called content, was taken. */
  tookContent(input: Uint8Array, start: number, end: number): void {
    if (start === end) return;
    this.#lastByte = input[end - 1] ?? 0;
    if (!this.#raw) return;
    this.#partialLeft -= end - start;
    if (this.#lastByte === NEWLINE) this.#beginStamp(this.#keep);
    else if (this.#partialLeft === 0) this.#beginStamp(false);
  }

  /** Bytes read earlier that turned out to belong to the output. They come before all others. */
  heldBack(): Uint8Array {
    return this.#held.subarray(this.#released, this.#inStamp ? this.#released : this.#heldSize);
  }

  tookHeldBack(count: number): void {
    this.#released += count;
  }

  /** The input has ended: what looked like the beginning of a timestamp is content. */
  finish(): void {
    this.#inStamp = false;
  }

  #beginStamp(keep: boolean): void {
    this.#inStamp = true;
    this.#keepThis = keep;
    this.#heldSize = 0;
    this.#released = 0;
    this.#partialLeft = PARTIAL_BYTES;
  }
}
