import {
  type Channel,
  type Demuxer,
  type DemuxerOptions,
  type KeptOutput,
  type LastTimestamps,
  MIN_OUT_BYTES,
  STATE,
  STATUS,
} from '../demuxer.ts';
import { FRAME_TYPE, FrameHeader } from '../frame-header.ts';
import { StampReader } from '../stamp-reader.ts';
import { checkApart, checkBytes, checkOffset } from './arguments.ts';
import { ContentSink } from './content-sink.ts';
import { validateOptions } from './options.ts';
import { Output } from './output.ts';
import { SystemErrorText } from './system-error.ts';

/** The demuxer where the native module is not to be had: same contract, slower. */
export class FallbackDemuxer implements Demuxer {
  readonly state = new Float64Array(STATE.length);
  readonly #options: DemuxerOptions;
  readonly #header = new FrameHeader();
  /** Payload bytes of the current frame that have not come yet. */
  #remaining = 0;
  #channel: Channel = 'stdout';
  readonly #stamps: StampReader;
  readonly #sink: ContentSink;
  readonly #systemError = new SystemErrorText();
  #status: number = STATUS.open;

  constructor(options: DemuxerOptions) {
    validateOptions(options);
    this.#options = options;
    this.#stamps = new StampReader(options.framing, options.timestamps);
    this.#sink = new ContentSink(options);
  }

  push(input: Uint8Array, start: number, end: number, out: Uint8Array, outStart: number): number {
    checkBytes('input', input);
    checkOffset('start', start, 0, input.length);
    checkOffset('end', end, start, input.length);
    const output = this.#output(out, outStart, MIN_OUT_BYTES, 0);
    checkApart(input, start, end, out);
    const at = this.#status === STATUS.open ? this.#take(input, start, end, output) : end;
    this.#writeState(output);
    return (this.#status === STATUS.open ? at : end) - start;
  }

  flush(out: Uint8Array, outStart: number): number {
    const output = this.#output(out, outStart, 0, 0);
    this.#sink.flush(output);
    return this.#writeState(output);
  }

  finish(out: Uint8Array, outStart: number): number {
    const output = this.#output(out, outStart, 0, MIN_OUT_BYTES);
    if (this.#status === STATUS.open) {
      this.#stamps.finish();
      this.#takeHeldBack(output);
    }
    if (this.#inSystemError()) this.#status = STATUS.systemError;
    else if (this.#status === STATUS.open && !this.#header.empty) this.#status = STATUS.truncated;
    this.#sink.finish(output);
    return this.#writeState(output);
  }

  kept(maxEscapedBytes: number): KeptOutput {
    checkOffset('maxEscapedBytes', maxEscapedBytes, 0, Number.MAX_SAFE_INTEGER);
    return this.#sink.kept(maxEscapedBytes);
  }

  lastTimestamps(): LastTimestamps {
    return this.#stamps.last();
  }

  systemError(): string {
    return this.#systemError.toString();
  }

  #output(out: Uint8Array, outStart: number, size: number, room: number): Output {
    checkBytes('out', out);
    checkOffset('outStart', outStart, 0, out.length);
    const output = new Output(out, outStart);
    this.#sink.checkOutput(output, size, room);
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

  #takeContent(input: Uint8Array, start: number, end: number, out: Output): number {
    const taken = this.#sink.take(this.#channel, input, start, end, out);
    if (this.#sink.isFull) this.#status = STATUS.limit;
    return taken;
  }

  #writeState(out: Output): number {
    this.#sink.writeTo(this.state);
    this.state[STATE.outEnd] = out.end;
    this.state[STATE.status] = this.#status;
    return out.end;
  }
}
