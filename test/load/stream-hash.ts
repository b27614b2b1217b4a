import { createHash } from 'node:crypto';
import { type Channel, ChunkOrder } from '../e2e/chunk-order.ts';
import type { Progress } from '../e2e/raw-client.ts';

export interface Delivered {
  readonly bytes: number;
  /** SHA-256 of them, in hex. */
  readonly sha256: string;
}

/** What one call streams, checked and hashed as it comes, and kept nowhere. */
export class StreamHash {
  readonly #order: ChunkOrder;
  readonly #hashes = { stdout: createHash('sha256'), stderr: createHash('sha256') };

  constructor(chunkBytes = 16_384) {
    this.#order = new ChunkOrder(chunkBytes);
  }

  take(progress: Progress): void {
    const chunk = this.#order.take(progress);
    if (chunk !== undefined) this.#hashes[chunk.channel].update(chunk.text);
  }

  /** Of both channels. */
  get bytes(): number {
    return this.#order.bytes('stdout') + this.#order.bytes('stderr');
  }

  /** What came on a channel so far. */
  of(channel: Channel): Delivered {
    return { bytes: this.#order.bytes(channel), sha256: this.#hashes[channel].copy().digest('hex') };
  }
}
