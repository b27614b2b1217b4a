import type { Channel, Framing } from './demuxer.ts';
import { channelOf, FrameHeader } from './frame-header.ts';
import { MAX_TIMESTAMP, PARTIAL_BYTES } from './timestamp.ts';

const NEWLINE = 0x0a;
const SPACE = 0x20;

/**
 * Tells the messages of a log with timestamps apart: each is a line, or a part of one that the engine cut. Multiplexed, a
 * message is a frame; raw, it ends with its line or where the engine cuts.
 */
export class LogMessages {
  readonly #raw: boolean;
  readonly #header = new FrameHeader();
  readonly #stamp = Buffer.alloc(MAX_TIMESTAMP);
  #stampSize = 0;
  #inStamp = true;
  /** Bytes to come: of the frame's payload, or raw of the content until the engine cuts. */
  #left = PARTIAL_BYTES;
  #lastByte = 0;
  #complete = true;

  constructor(framing: Framing) {
    this.#raw = framing === 'raw';
  }

  /** Whether what was taken ends with a message. What is said of a message below is said of the last one. */
  get complete(): boolean {
    return this.#complete;
  }

  /** undefined: no message of the log, but of the engine's. */
  get channel(): Channel | undefined {
    return this.#raw ? 'stdout' : channelOf(this.#header.type);
  }

  /** What stands before its first space. */
  get stamp(): string {
    return this.#stamp.toString('latin1', 0, this.#stampSize);
  }

  get endsLine(): boolean {
    return this.#lastByte === NEWLINE;
  }

  /** Takes `input[start, end)`, which must not be empty, up to the end of a message; returns where it stopped. */
  take(input: Uint8Array, start: number, end: number): number {
    if (this.#complete) this.#begin();
    const stop = this.#raw ? this.#takeRaw(input, start, end) : this.#takeFrame(input, start, end);
    this.#lastByte = input[stop - 1] ?? 0;
    return stop;
  }

  /** The input has ended, and raw the message with it. */
  finish(): void {
    if (this.#raw) this.#complete = true;
  }

  #begin(): void {
    this.#header.clear();
    this.#stampSize = 0;
    this.#inStamp = true;
    this.#left = PARTIAL_BYTES;
    this.#complete = false;
  }

  #takeFrame(input: Uint8Array, start: number, end: number): number {
    let at = start;
    if (!this.#header.complete) {
      at += this.#header.take(input, start, end);
      if (!this.#header.complete) return at;
      this.#left = this.#header.payload;
    }
    const stop = Math.min(end, at + this.#left);
    this.#takeStamp(input, at, stop);
    this.#left -= stop - at;
    this.#complete = this.#left === 0;
    return stop;
  }

  #takeRaw(input: Uint8Array, start: number, end: number): number {
    const at = this.#takeStamp(input, start, end);
    const content = input.subarray(at, Math.min(end, at + this.#left));
    const newline = content.indexOf(NEWLINE);
    const taken = newline === -1 ? content.length : newline + 1;
    this.#left -= taken;
    this.#complete = newline !== -1 || this.#left === 0;
    return at + taken;
  }

  /** Returns where the content begins. */
  #takeStamp(input: Uint8Array, start: number, end: number): number {
    let at = start;
    while (this.#inStamp && at < end) {
      const byte = input[at] ?? 0;
      this.#inStamp = byte !== SPACE && this.#stampSize < MAX_TIMESTAMP;
      if (this.#inStamp) this.#stamp[this.#stampSize++] = byte;
      at += 1;
    }
    return at;
  }
}
