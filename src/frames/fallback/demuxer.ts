import {
  type Channel,
  type Demuxer,
  type DemuxerOptions,
  type KeptOutput,
  MIN_OUT_BYTES,
  STATE,
  STATUS,
} from '../demuxer.ts';
import { checkApart, checkBytes, checkOffset } from './arguments.ts';
import { ChunkWriter, CLOSING_ROOM } from './chunk-writer.ts';
import { FRAME_TYPE, FrameHeader } from './frame-header.ts';
import { LineCounter } from './line-counter.ts';
import { validateOptions } from './options.ts';
import { Output } from './output.ts';
import { Retention } from './retention.ts';
import { StampReader } from './stamp-reader.ts';
import { SystemErrorText } from './system-error.ts';
import { Utf8Counter } from './utf8-counter.ts';

/** The demuxer where the native module is not to be had: same contract, slower. */
export class FallbackDemuxer implements Demuxer {
  readonly state = new Float64Array(STATE.length);
  readonly #options: DemuxerOptions;
  readonly #header = new FrameHeader();
  /** Payload bytes of the current frame that have not come yet. */
  #remaining = 0;
  #channel: Channel = 'stdout';
  readonly #stamps: StampReader;
  readonly #lines: LineCounter;
  readonly #retention: Retention;
  readonly #writer: ChunkWriter | undefined;
  readonly #counter = new Utf8Counter();
  readonly #systemError = new SystemErrorText();
  readonly #channelBytes: Record<Channel, number> = { stdout: 0, stderr: 0 };
  #status: number = STATUS.open;

  constructor(options: DemuxerOptions) {
    validateOptions(options);
    this.#options = options;
    this.#stamps = new StampReader(options.framing, options.timestamps);
    this.#lines = new LineCounter(options.maxLines);
    this.#retention = new Retention(options);
    this.#writer = options.stream === null ? undefined : new ChunkWriter(options, options.stream);
  }

  push(input: Uint8Array, start: number, end: number, out: Uint8Array, outStart: number): number {
    checkBytes('input', input);
    checkOffset('start', start, 0, input.length);
    checkOffset('end', end, start, input.length);
    const output = this.#output(out, outStart, MIN_OUT_BYTES, this.#closingRoom());
    checkApart(input, start, end, out);
    const at = this.#status === STATUS.open ? this.#take(input, start, end, output) : end;
    this.#writeState(output);
    return (this.#status === STATUS.open ? at : end) - start;
  }

  flush(out: Uint8Array, outStart: number): number {
    const output = this.#output(out, outStart, 0, this.#closingRoom());
    this.#writer?.close(output);
    return this.#writeState(output);
  }

  finish(out: Uint8Array, outStart: number): number {
    const output = this.#output(out, outStart, 0, MIN_OUT_BYTES);
    if (this.#status === STATUS.open) {
      this.#stamps.finish();
      this.#takeHeldBack(output);
    }
    if (this.#inSystemError()) this.#status = STATUS.systemError;
    this.#writer?.finish(output);
    this.#counter.finish();
    this.#lines.finish();
    return this.#writeState(output);
  }

  kept(maxEscapedBytes: number): KeptOutput {
    checkOffset('maxEscapedBytes', maxEscapedBytes, 0, Number.MAX_SAFE_INTEGER);
    return this.#retention.take(maxEscapedBytes);
  }

  lastTimestamp(): string {
    return this.#stamps.last;
  }

  systemError(): string {
    return this.#systemError.toString();
  }

  #closingRoom(): number {
    return this.#writer?.isOpen ? CLOSING_ROOM : 0;
  }

  /** Throws RangeError if `out` has no room or does not go on where the open chunk ended. */
  #output(out: Uint8Array, outStart: number, size: number, room: number): Output {
    checkBytes('out', out);
    checkOffset('outStart', outStart, 0, out.length);
    const output = new Output(out, outStart);
    if (this.#writer === undefined) return output;
    if (out.length < size || output.room < room) {
      throw new RangeError(`out must have ${Math.max(size, outStart + room)} bytes, not ${out.length}`);
    }
    if (this.#writer.isOpen && outStart !== this.#writer.openEnd) {
      throw new RangeError(`outStart must be ${this.#writer.openEnd}, where the open chunk ended, not ${outStart}`);
    }
    return output;
  }

  #take(input: Uint8Array, start: number, end: number, out: Output): number {
    return this.#options.framing === 'raw'
      ? this.#takePayload(input, start, end, out)
      : this.#takeFrames(input, start, end, out);
  }

  #takeFrames(input: Uint8Array, start: number, end: number, out: Output): number {
    let at = start;
    while (at < end && this.#status === STATUS.open) {
      if (!this.#header.complete) {
        at += this.#header.take(input, at, end);
        if (this.#header.complete) this.#beginFrame();
        continue;
      }
      const frameEnd = Math.min(end, at + this.#remaining);
      const taken = this.#takeFrame(input, at, frameEnd, out);
      this.#remaining -= taken - at;
      at = taken;
      if (this.#remaining === 0) this.#endFrame();
      if (at < frameEnd) break;
    }
    return at;
  }

  #beginFrame(): void {
    this.#remaining = this.#header.payload;
    const type = this.#header.type;
    if (type > FRAME_TYPE.systemError) {
      this.#status = STATUS.corrupt;
    } else if (this.#remaining === 0) {
      this.#endEmptyFrame();
    } else if (type !== FRAME_TYPE.systemError) {
      this.#channel = type === FRAME_TYPE.stderr ? 'stderr' : 'stdout';
      this.#stamps.beginFrame(this.#channel);
    }
  }

  #endEmptyFrame(): void {
    if (this.#inSystemError()) this.#status = STATUS.systemError;
    this.#header.clear();
  }

  #endFrame(): void {
    if (this.#inSystemError()) this.#status = STATUS.systemError;
    else this.#stamps.endFrame(this.#channel);
    this.#header.clear();
  }

  #inSystemError(): boolean {
    return this.#header.complete && this.#header.type === FRAME_TYPE.systemError;
  }

  #takeFrame(input: Uint8Array, start: number, end: number, out: Output): number {
    if (!this.#inSystemError()) return this.#takePayload(input, start, end, out);
    this.#systemError.append(input, start, end);
    if (this.#systemError.isFull) this.#status = STATUS.systemError;
    return end;
  }

  #takePayload(input: Uint8Array, start: number, end: number, out: Output): number {
    if (this.#options.timestamps === 'absent') return this.#takeContent(input, start, end, out);
    const endsFrame = this.#options.framing === 'multiplexed' && end - start === this.#remaining;
    return this.#takeStamped(input, start, end, endsFrame, out);
  }

  #takeStamped(input: Uint8Array, start: number, end: number, endsFrame: boolean, out: Output): number {
    let at = start;
    while (at < end && this.#status === STATUS.open) {
      if (!this.#takeHeldBack(out)) return at;
      const piece = this.#stamps.next(input, at, end, endsFrame);
      at += piece.skipped;
      const contentEnd = at + piece.content;
      const taken = this.#takeContent(input, at, contentEnd, out);
      this.#stamps.tookContent(input, at, taken);
      at = taken;
      if (taken < contentEnd) break;
    }
    return at;
  }

  #takeHeldBack(out: Output): boolean {
    const held = this.#stamps.heldBack();
    if (held.length === 0) return true;
    const taken = this.#takeContent(held, 0, held.length, out);
    this.#stamps.tookHeldBack(taken);
    return taken === held.length;
  }

  /** Takes bytes of the current channel: all of them, unless `out` is full or the bound on lines is reached. */
  #takeContent(input: Uint8Array, start: number, end: number, out: Output): number {
    if (start === end) return end;
    const wanted = this.#lines.endWithin(input, start, end);
    const taken = this.#writer?.write(out, this.#channel, input, start, wanted) ?? wanted;
    this.#account(input, start, taken);
    return taken;
  }

  #account(input: Uint8Array, start: number, end: number): void {
    this.#channelBytes[this.#channel] += end - start;
    this.#retention.append(this.#channel, input, start, end);
    this.#lines.take(this.#channel, input, start, end);
    const unwritten = this.#writer === undefined && this.#options.encoding === 'utf8';
    if (unwritten) this.#counter.take(this.#channel, input, start, end);
    if (this.#lines.reached) this.#status = STATUS.limit;
  }

  #writeState(out: Output): number {
    const { state } = this;
    state[STATE.outEnd] = out.end;
    state[STATE.stdoutBytes] = this.#channelBytes.stdout;
    state[STATE.stderrBytes] = this.#channelBytes.stderr;
    state[STATE.deliveredBytes] = this.#writer?.delivered ?? 0;
    state[STATE.lines] = this.#lines.lines;
    state[STATE.chunkOpen] = this.#writer?.isOpen ? 1 : 0;
    state[STATE.replacements] = this.#writer?.replacements ?? this.#counter.replacements;
    state[STATE.status] = this.#status;
    return out.end;
  }
}
