import type { Channel, Framing, LastTimestamps } from './demuxer.ts';
import { channelOf, FRAME_TYPE, FrameHeader, HEADER_BYTES } from './frame-header.ts';
import { LineGate, type Matches } from './line-gate.ts';
import { fromRfc3339, type Nanoseconds } from './rfc3339.ts';
import { MAX_LAG } from './stamp-lag.ts';
import { StampReader } from './stamp-reader.ts';

export interface GrepOptions {
  readonly framing: Framing;
  /** Gets a line without timestamp and line ending. A line above 1 MiB is decided on its first 1 MiB. */
  readonly matches?: Matches | undefined;
  /** Lines of these channels with an earlier timestamp are not kept. */
  readonly since?: Readonly<Partial<Record<Channel, Nanoseconds>>> | undefined;
}

/** Filters a log's lines between the engine and a demuxer. */
export interface Grep {
  /**
   * Takes `input[start, end)`; returns what is to be pushed into a demuxer: with framing `multiplexed`, or `raw` where the log is
   * and no line of it has to match.
   */
  push(input: Uint8Array, start: number, end: number): Uint8Array;
  /** The input has ended: decides on unfinished last lines. */
  finish(): Uint8Array;
  /** Of the lines that were tried for a match, kept or not. */
  lastTimestamps(): LastTimestamps;
}

/**
 * A filter over what the engine sends for a log with timestamps. Each kept line becomes one frame (a line above 1 MiB
 * several, each with the line's timestamp as the engine's own partial messages have); frames that are no lines, such as
 * the engine's error text, go through unchanged.
 */
export function createGrep(options: GrepOptions): Grep {
  return new FrameGrep(options);
}

function frame(type: number, payload: Uint8Array): Uint8Array {
  const bytes = Buffer.alloc(HEADER_BYTES + payload.length);
  bytes.writeUInt8(type, 0);
  bytes.writeUInt32BE(payload.length, 4);
  bytes.set(payload, HEADER_BYTES);
  return bytes;
}

class FrameGrep implements Grep {
  readonly #raw: boolean;
  readonly #header = new FrameHeader();
  readonly #stamps: StampReader;
  readonly #gates: Record<Channel, LineGate>;
  #remaining = 0;
  #channel: Channel | undefined = 'stdout';
  #kept: Uint8Array[] = [];
  readonly #keepsAll: boolean;
  /** From here on every line is wanted: what comes goes through as it is. */
  #open = false;

  constructor({ framing, matches, since }: GrepOptions) {
    this.#raw = framing === 'raw';
    this.#keepsAll = matches === undefined;
    const asItIs = this.#raw && this.#keepsAll;
    this.#stamps = new StampReader(framing, 'keep');
    const gate = (channel: Channel) =>
      new LineGate(matches, since?.[channel], (piece) =>
        this.#kept.push(asItIs ? piece : frame(FRAME_TYPE[channel], piece)),
      );
    this.#gates = { stdout: gate('stdout'), stderr: gate('stderr') };
  }

  push(input: Uint8Array, start: number, end: number): Uint8Array {
    if (this.#open) return input.subarray(start, end);
    if (this.#raw) this.#takeRaw(input, start, end);
    else this.#takeFrames(input, start, end);
    return this.#takeKept();
  }

  finish(): Uint8Array {
    this.#stamps.finish();
    if (this.#channel !== undefined) this.#takeHeldBack(this.#channel);
    for (const gate of Object.values(this.#gates)) gate.finish();
    return this.#takeKept();
  }

  lastTimestamps(): LastTimestamps {
    const { stdout, stderr } = this.#gates;
    return { stdout: stdout.lastTimestamp, stderr: stderr.lastTimestamp };
  }

  #takeKept(): Uint8Array {
    const kept = Buffer.concat(this.#kept);
    this.#kept = [];
    return kept;
  }

  /** A tty's lines stand in the order of their times: behind the first that is not too early, none is. */
  #takeRaw(input: Uint8Array, start: number, end: number): void {
    for (let at = start; at < end; at = this.#takePiece('stdout', input, at, end, false)) {
      if (!this.#keepsAll || this.#gates.stdout.since !== undefined) continue;
      this.#letThrough(input, at, end);
      return;
    }
  }

  #takeFrames(input: Uint8Array, start: number, end: number): void {
    const fromHereOn = this.#keepsAll && this.#isSettled();
    for (let at = start; at < end; ) {
      if (fromHereOn && this.#isBetweenLines()) {
        this.#letThrough(input, at, end);
        return;
      }
      if (!this.#header.complete) {
        at += this.#header.take(input, at, end);
        if (this.#header.complete) this.#beginFrame();
        continue;
      }
      const frameEnd = Math.min(end, at + this.#remaining);
      this.#takePayload(input, at, frameEnd);
      this.#remaining -= frameEnd - at;
      if (this.#remaining === 0) this.#endFrame();
      at = frameEnd;
    }
  }

  #letThrough(input: Uint8Array, start: number, end: number): void {
    this.#open = true;
    this.#kept.push(input.subarray(start, end));
  }

  #isBetweenLines(): boolean {
    return this.#header.empty && Object.values(this.#gates).every(({ idle }) => idle);
  }

  /** No line that is still to come can be too early. */
  #isSettled(): boolean {
    const gates = Object.values(this.#gates);
    const seen = gates.map(({ lastTimestamp }) => fromRfc3339(lastTimestamp) ?? 0n);
    return gates.every(({ since }) => since === undefined || seen.some((time) => time >= since + MAX_LAG));
  }

  #beginFrame(): void {
    this.#remaining = this.#header.payload;
    this.#channel = channelOf(this.#header.type);
    if (this.#channel === undefined) this.#kept.push(this.#header.toBytes());
    if (this.#remaining === 0) this.#header.clear();
    else if (this.#channel !== undefined) this.#stamps.beginFrame(this.#channel);
  }

  #endFrame(): void {
    if (this.#channel !== undefined) this.#stamps.endFrame(this.#channel);
    this.#header.clear();
  }

  #takePayload(input: Uint8Array, start: number, end: number): void {
    if (this.#channel === undefined) this.#kept.push(input.slice(start, end));
    else this.#takeStamped(this.#channel, input, start, end, end - start === this.#remaining);
  }

  #takeStamped(channel: Channel, input: Uint8Array, start: number, end: number, endsFrame: boolean): void {
    for (let at = start; at < end; ) at = this.#takePiece(channel, input, at, end, endsFrame);
  }

  /** Returns where the next piece begins. */
  #takePiece(channel: Channel, input: Uint8Array, start: number, end: number, endsFrame: boolean): number {
    this.#takeHeldBack(channel);
    const piece = this.#stamps.next(input, start, end, endsFrame);
    const content = start + piece.skipped;
    const next = content + piece.content;
    this.#gates[channel].take(input.subarray(content, next));
    this.#stamps.tookContent(input, content, next);
    return next;
  }

  #takeHeldBack(channel: Channel): void {
    const held = this.#stamps.heldBack();
    this.#gates[channel].take(held);
    this.#stamps.tookHeldBack(held.length);
  }
}
