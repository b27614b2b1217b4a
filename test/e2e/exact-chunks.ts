import { decode } from '../contract/oracle.ts';
import { type Channel, type Chunk, ChunkOrder } from './chunk-order.ts';
import type { Progress } from './raw-client.ts';
import { firstDifference, type Sample } from './sample.ts';

export type Samples = Readonly<Record<Channel, Sample>>;

interface ExactOptions {
  readonly samples: Samples;
  readonly chunkBytes: number;
  readonly encoding?: 'utf8' | 'base64';
  readonly token: string;
}

/**
 * Compares one call's chunks, as they come, with what its command writes: each with its own place in the channel's
 * text and with the raw bytes that its figures name.
 */
export class ExactChunks {
  readonly #options: ExactOptions;
  readonly #order: ChunkOrder;
  readonly #read: Record<Channel, number> = { stdout: 0, stderr: 0 };
  #failure: unknown;

  constructor(options: ExactOptions) {
    this.#options = options;
    this.#order = new ChunkOrder(options.chunkBytes);
  }

  /** Never throws: the first thing that is wrong is kept for `finish`. */
  take(progress: Progress): void {
    try {
      if (this.#failure === undefined) this.#check(progress);
    } catch (error) {
      this.#failure = error;
    }
  }

  /** The output has ended. @throws Error with what was wrong, or missing. */
  finish(): void {
    if (this.#failure !== undefined) throw this.#failure;
    for (const [channel, sample] of Object.entries(this.#options.samples)) {
      const bytes = this.#order.bytes(channel === 'stderr' ? 'stderr' : 'stdout');
      if (bytes !== sample.raw.length) throw new Error(`${channel}: ${bytes} of ${sample.raw.length} bytes came`);
    }
  }

  #check(progress: Progress): void {
    if (progress.progressToken !== this.#options.token) throw new Error(`A chunk of another call: ${progress.message}`);
    const chunk = this.#order.take(progress);
    if (chunk === undefined) return;
    const difference = this.#options.encoding === 'base64' ? this.#bytesDiffer(chunk) : this.#textDiffers(chunk);
    if (difference !== undefined)
      throw new Error(`${chunk.channel} seq ${chunk.seq} at ${chunk.offset}: ${difference}`);
  }

  #bytesDiffer({ channel, offset, bytes, text }: Chunk): string | undefined {
    const wanted = this.#options.samples[channel].raw.subarray(offset, offset + bytes);
    return Buffer.from(text, 'base64').equals(wanted) ? undefined : firstDifference(text, wanted.toString('base64'));
  }

  /** Both matter: the place in the whole text shows a character that was split, the slice shows wrong figures. */
  #textDiffers({ channel, offset, bytes, text }: Chunk): string | undefined {
    const sample = this.#options.samples[channel];
    const at = this.#read[channel];
    this.#read[channel] += text.length;
    if (!sample.text.startsWith(text, at)) return firstDifference(text, sample.text.slice(at, at + text.length));
    return firstDifference(text, decode(sample.raw.subarray(offset, offset + bytes)));
  }
}
