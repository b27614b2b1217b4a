import { CHUNK_META, type ChunkMeta } from '../chunk-meta.ts';
import type { Channel, DemuxerOptions, StreamOptions } from '../demuxer.ts';
import { base64Bytes } from './base64.ts';
import { type EscapedItem, ITEM_ROOM, JsonEscaper } from './json-escape.ts';
import type { Output } from './output.ts';
import { Utf8Carry } from './utf8.ts';

/** Room kept behind an open chunk's text: the closing part with its numbers, and a last base64 group. */
export const CLOSING_ROOM = 256;
/** A chunk is not opened for less escaped text than this. */
const LEAST_TEXT = 256;
const GROUP = 3;

const encoder = new TextEncoder();

function opening(token: string): Uint8Array {
  const head = '{"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":';
  return encoder.encode(`${head}${token},"message":"`);
}

/**
 * Writes channels' bytes as `notifications/progress` lines, one per chunk. One chunk is open at a time; whatever is
 * written leaves room for the open chunk's closing part, so that it can always be closed.
 */
export class ChunkWriter {
  readonly #base64: boolean;
  readonly #escaper: JsonEscaper;
  /** What a full chunk holds: bytes of text, or raw bytes with base64. */
  readonly #capacity: number;
  readonly #opening: Uint8Array;
  readonly #carries: Record<Channel, Utf8Carry> = { stdout: new Utf8Carry(), stderr: new Utf8Carry() };
  /** Raw bytes of each channel that stand in chunks, the open one included. */
  readonly #written: Record<Channel, number> = { stdout: 0, stderr: 0 };
  #sequence = 0;
  #channel: Channel = 'stdout';
  #left = 0;
  #raw = 0;
  /** Bytes of an unfinished base64 group of the open chunk. */
  readonly #group = new Uint8Array(GROUP);
  #grouped = 0;

  delivered = 0;
  replacements = 0;
  isOpen = false;
  /** End of the open chunk's text in its buffer; meaningless if none is open. */
  openEnd = 0;

  constructor(options: DemuxerOptions, stream: StreamOptions) {
    this.#base64 = options.encoding === 'base64';
    this.#escaper = new JsonEscaper(options.sanitize);
    this.#capacity = this.#base64 ? Math.floor(stream.chunkBytes / 4) * GROUP : stream.chunkBytes;
    this.#opening = opening(stream.progressTokenJson);
  }

  /** Takes bytes of a channel; fewer than given only if `out` is nearly full, and then no chunk is open. Returns their end. */
  write(out: Output, channel: Channel, input: Uint8Array, start: number, end: number): number {
    if (this.isOpen && this.#channel !== channel) this.close(out);
    return this.#base64
      ? this.#writeRaw(out, channel, input, start, end)
      : this.#writeText(out, channel, input, start, end);
  }

  #writeText(out: Output, channel: Channel, input: Uint8Array, start: number, end: number): number {
    const carry = this.#carries[channel];
    let at = start;
    if (carry.size > 0) {
      at = this.#writeCarried(out, channel, input, start, end);
      if (carry.size > 0) return at;
    }
    while (at < end) {
      // First, so that no chunk is opened for a character that is not there yet.
      if (carry.takeIncomplete(input, at, end)) return end;
      if (!this.#ensureOpen(out, channel)) break;
      const taken = this.#writePlain(out, input, at, end) || this.#writeNext(out, channel, input, at, end);
      if (taken === 0) break;
      at += taken;
    }
    return at;
  }

  #writePlain(out: Output, input: Uint8Array, start: number, end: number): number {
    const limit = Math.min(end, start + this.#left, start + out.room - CLOSING_ROOM);
    const plain = this.#escaper.plainEnd(input, start, limit) - start;
    if (plain === 0) return 0;
    out.append(input.subarray(start, start + plain));
    this.#count(out, plain, plain);
    return plain;
  }

  #writeNext(out: Output, channel: Channel, input: Uint8Array, start: number, end: number): number {
    const item = this.#escaper.next(input, start, end);
    return this.#writeItem(out, channel, item) ? item.raw : 0;
  }

  #writeCarried(out: Output, channel: Channel, input: Uint8Array, start: number, end: number): number {
    const carry = this.#carries[channel];
    const joined = carry.joinedWith(input, start, end);
    const carried = carry.size;
    if (carry.takeIncomplete(joined, 0, joined.length)) return end;
    const item = this.#escaper.next(joined, 0, joined.length);
    if (!this.#writeItem(out, channel, item)) return start;
    carry.clear();
    return start + item.raw - carried;
  }

  #writeItem(out: Output, channel: Channel, item: EscapedItem): boolean {
    if (this.isOpen && item.text > this.#left) this.close(out);
    if (!this.#ensureOpen(out, channel)) return false;
    out.append(item.bytes);
    if (item.replaced) this.replacements++;
    this.#count(out, item.raw, item.text);
    return true;
  }

  #writeRaw(out: Output, channel: Channel, input: Uint8Array, start: number, end: number): number {
    let at = start;
    while (at < end && this.#ensureOpen(out, channel)) {
      const single = this.#grouped > 0 || end - at < GROUP;
      at += single ? this.#fillGroup(out, input[at] ?? 0) : this.#writeGroups(out, input, at, end);
    }
    return at;
  }

  /** Takes one byte into the unfinished group, and writes the group once it is whole. A full chunk ends with a group. */
  #fillGroup(out: Output, byte: number): number {
    this.#group[this.#grouped++] = byte;
    if (this.#grouped === GROUP) this.#writeGroup(out);
    this.#count(out, 1, 1);
    return 1;
  }

  #writeGroup(out: Output): void {
    out.append(base64Bytes(this.#group, 0, this.#grouped));
    this.#grouped = 0;
  }

  #writeGroups(out: Output, input: Uint8Array, start: number, end: number): number {
    const room = Math.floor((out.room - CLOSING_ROOM) / 4);
    const raw = Math.min(Math.floor((end - start) / GROUP), Math.floor(this.#left / GROUP), room) * GROUP;
    out.append(base64Bytes(input, start, start + raw));
    this.#count(out, raw, raw);
    return raw;
  }

  /** False if `out` has no room for another item; then no chunk is open. */
  #ensureOpen(out: Output, channel: Channel): boolean {
    if (this.isOpen && out.room >= CLOSING_ROOM + ITEM_ROOM) return true;
    this.close(out);
    if (out.room < this.#opening.length + CLOSING_ROOM + LEAST_TEXT) return false;
    out.append(this.#opening);
    this.isOpen = true;
    this.openEnd = out.end;
    this.#channel = channel;
    this.#left = this.#capacity;
    this.#raw = 0;
    return true;
  }

  #count(out: Output, raw: number, text: number): void {
    this.openEnd = out.end;
    this.#written[this.#channel] += raw;
    this.#raw += raw;
    this.#left -= text;
    if (this.#left === 0) this.close(out);
  }

  /** Closes the open chunk, if any. */
  close(out: Output): void {
    if (!this.isOpen) return;
    if (this.#grouped > 0) this.#writeGroup(out);
    this.isOpen = false;
    this.delivered += this.#raw;
    const offset = this.#written[this.#channel] - this.#raw;
    const place: ChunkMeta = { channel: this.#channel, seq: this.#sequence++, offset, bytes: this.#raw };
    const meta = JSON.stringify({ [CHUNK_META]: place });
    out.append(encoder.encode(`","progress":${this.delivered},"_meta":${meta}}}\n`));
  }

  /** No more input comes: what is left of incomplete characters is written. */
  finish(out: Output): void {
    for (const channel of ['stdout', 'stderr'] as const) {
      const carry = this.#carries[channel];
      if (carry.size === 0) continue;
      if (this.isOpen && this.#channel !== channel) this.close(out);
      const rest = carry.joinedWith(new Uint8Array(), 0, 0);
      if (this.#writeItem(out, channel, this.#escaper.next(rest, 0, rest.length))) carry.clear();
    }
    this.close(out);
  }
}
