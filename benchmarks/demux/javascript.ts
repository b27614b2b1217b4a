import type { Contender } from './contender.ts';

const HEADER_BYTES = 8;
const CHUNK_BYTES = 16_384;
const OUT_BYTES = 262_144;
/** One chunk's text with every byte escaped, its envelope included. */
const LINE_ROOM = 6 * CHUNK_BYTES + 512;
/** What a read leaves behind, and the largest read. */
const WORK_BYTES = 2 * CHUNK_BYTES + 65_536;
const HEAD = '{"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":1,"progress":';

/** Writes a text of whole characters as a JSON string at `at`; returns its end. */
export type WriteText = (text: Buffer, out: Buffer, at: number) => number;

/**
 * The fastest way found to do the product's work in JavaScript alone, but for the text itself: payloads are moved together
 * within one buffer (`copyWithin` makes no view and took half the time of `set` and `copy`), so that small frames
 * cost no string each, and written as chunks of whole characters. It keeps nothing for a result, which flatters it.
 */
export function javascriptContender(writeText: WriteText): Contender {
  const frames = new PayloadBuffer();
  const lines = new LineWriter(writeText);
  return {
    take(read) {
      frames.take(read, (channel, text) => lines.write(channel, text));
    },
    payloadBytes: () => frames.payloadBytes,
  };
}

type OnChunk = (channel: number, text: Buffer) => void;

/** `[0, textEnd)` is payload not handed on yet, `[rawStart, rawEnd)` what is still to be taken apart. */
class PayloadBuffer {
  payloadBytes = 0;
  readonly #work = Buffer.allocUnsafeSlow(WORK_BYTES);
  #textEnd = 0;
  #rawStart = 0;
  #rawEnd = 0;
  #remaining = 0;
  #channel = 1;

  take(read: Buffer, onChunk: OnChunk): void {
    this.#work.set(read, this.#rawEnd);
    this.#rawEnd += read.length;
    let moved = true;
    while (moved) moved = this.#takePayload() || this.#takeHeader(onChunk);
    let from = 0;
    while (this.#textEnd - from > CHUNK_BYTES) from = this.#handOn(from, from + CHUNK_BYTES, onChunk);
    this.#moveToFront(from);
  }

  #takePayload(): boolean {
    const count = Math.min(this.#remaining, this.#rawEnd - this.#rawStart);
    if (count === 0) return false;
    this.#work.copyWithin(this.#textEnd, this.#rawStart, this.#rawStart + count);
    this.#textEnd += count;
    this.#rawStart += count;
    this.#remaining -= count;
    this.payloadBytes += count;
    return true;
  }

  #takeHeader(onChunk: OnChunk): boolean {
    const at = this.#rawStart;
    if (this.#remaining > 0 || this.#rawEnd - at < HEADER_BYTES) return false;
    const channel = this.#work[at] ?? 0;
    if (channel !== this.#channel) this.#changeChannel(channel, onChunk);
    this.#remaining = this.#work.readUInt32BE(at + 4);
    this.#rawStart = at + HEADER_BYTES;
    return true;
  }

  #changeChannel(channel: number, onChunk: OnChunk): void {
    if (this.#textEnd > 0) onChunk(this.#channel, this.#work.subarray(0, this.#textEnd));
    this.#textEnd = 0;
    this.#channel = channel;
  }

  #handOn(from: number, to: number, onChunk: OnChunk): number {
    const end = characterStart(this.#work, to);
    onChunk(this.#channel, this.#work.subarray(from, end));
    return end;
  }

  #moveToFront(from: number): void {
    this.#work.copyWithin(0, from, this.#textEnd);
    this.#textEnd -= from;
    this.#work.copyWithin(this.#textEnd, this.#rawStart, this.#rawEnd);
    this.#rawEnd = this.#textEnd + this.#rawEnd - this.#rawStart;
    this.#rawStart = this.#textEnd;
  }
}

/** The last place at or before `at` that is not within a character: UTF-8 has at most four bytes. */
function characterStart(bytes: Buffer, at: number): number {
  for (let back = 0; back < 4; back += 1) {
    if (((bytes[at - back] ?? 0) & 0xc0) !== 0x80) return at - back;
  }
  return at;
}

/** Lines of JSON-RPC in an output buffer that is used over and over. */
class LineWriter {
  readonly #writeText: WriteText;
  readonly #out = Buffer.allocUnsafeSlow(OUT_BYTES);
  #end = 0;
  #seq = 0;
  #offset = 0;

  constructor(writeText: WriteText) {
    this.#writeText = writeText;
  }

  write(channelNumber: number, text: Buffer): void {
    if (this.#out.length - this.#end < LINE_ROOM) this.#end = 0;
    const channel = channelNumber === 2 ? 'stderr' : 'stdout';
    const chunk = `{"channel":"${channel}","seq":${this.#seq},"offset":${this.#offset},"bytes":${text.length}}`;
    this.#offset += text.length;
    this.#seq += 1;
    this.#ascii(`${HEAD}${this.#offset},"message":`);
    this.#end = this.#writeText(text, this.#out, this.#end);
    this.#ascii(`,"_meta":{"mcp-docker-exec/chunk":${chunk}}}}\n`);
  }

  #ascii(text: string): void {
    this.#end += this.#out.write(text, this.#end, 'latin1');
  }
}
