import { type Channel, type DemuxerOptions, type KeptOutput, STATE } from '../demuxer.ts';
import { ChunkWriter, CLOSING_ROOM } from './chunk-writer.ts';
import { LineCounter } from './line-counter.ts';
import type { Output } from './output.ts';
import { Retention } from './retention.ts';
import { Utf8Counter } from './utf8-counter.ts';

/** Where the channels' bytes end up once frames and timestamps are taken off: counted, kept, written as chunks. */
export class ContentSink {
  readonly #lines: LineCounter;
  readonly #retention: Retention;
  readonly #writer: ChunkWriter | undefined;
  /** Counts replacements where no chunks are written. */
  readonly #counter: Utf8Counter | undefined;
  readonly #bytes: Record<Channel, number> = { stdout: 0, stderr: 0 };

  constructor(options: DemuxerOptions) {
    this.#lines = new LineCounter(options.maxLines);
    this.#retention = new Retention(options);
    this.#writer = options.stream === null ? undefined : new ChunkWriter(options, options.stream);
    const counts = options.stream === null && options.encoding === 'utf8';
    this.#counter = counts ? new Utf8Counter() : undefined;
  }

  /** Returns the end of what was taken: all of it, unless `out` is full or the bound on lines is reached. */
  take(channel: Channel, input: Uint8Array, start: number, end: number, out: Output): number {
    if (start === end) return end;
    const wanted = this.#lines.endWithin(input, start, end);
    const taken = this.#writer?.write(out, channel, input, start, wanted) ?? wanted;
    this.#bytes[channel] += taken - start;
    this.#retention.append(channel, input, start, taken);
    this.#lines.take(channel, input, start, taken);
    this.#counter?.take(channel, input, start, taken);
    return taken;
  }

  /** Whether the bound on lines is reached. */
  get isFull(): boolean {
    return this.#lines.reached;
  }

  /** Closes the open chunk, if any. */
  flush(out: Output): void {
    this.#writer?.close(out);
  }

  finish(out: Output): void {
    this.#writer?.finish(out);
    this.#counter?.finish();
    this.#lines.finish();
  }

  kept(maxEscapedBytes: number): KeptOutput {
    return this.#retention.take(maxEscapedBytes);
  }

  /** Throws RangeError if `out` is below `size` in all, has less room than `room`, or does not go on with the open chunk. */
  checkOutput(out: Output, size: number, room: number): void {
    if (this.#writer === undefined) return;
    const needed = Math.max(room, this.#writer.isOpen ? CLOSING_ROOM : 0);
    if (out.bytes.length < size || out.room < needed) {
      throw new RangeError(`out must have ${Math.max(size, out.end + needed)} bytes, not ${out.bytes.length}`);
    }
    if (this.#writer.isOpen && out.end !== this.#writer.openEnd) {
      throw new RangeError(`outStart must be ${this.#writer.openEnd}, where the open chunk ended, not ${out.end}`);
    }
  }

  writeTo(state: Float64Array): void {
    state[STATE.stdoutBytes] = this.#bytes.stdout;
    state[STATE.stderrBytes] = this.#bytes.stderr;
    state[STATE.deliveredBytes] = this.#writer?.delivered ?? 0;
    state[STATE.lines] = this.#lines.lines;
    state[STATE.chunkOpen] = this.#writer?.isOpen ? 1 : 0;
    state[STATE.replacements] = this.#writer?.replacements ?? this.#counter?.replacements ?? 0;
  }
}
