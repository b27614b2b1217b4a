import { expect } from 'vitest';
import type { Progress } from './raw-client.ts';

export type Channel = 'stdout' | 'stderr';

export interface Chunk {
  readonly channel: Channel;
  readonly seq: number;
  readonly offset: number;
  readonly bytes: number;
  readonly text: string;
  readonly progress: number;
}

const META = 'mcp-docker-exec/chunk';

/**
 * Checks one call's progress as it comes against the contract's streaming chunks: seq without gaps over both channels,
 * offsets without gaps in each, progress the exact total, text within its bound and whole characters.
 */
export class ChunkOrder {
  readonly #chunkBytes: number;
  readonly #ends: Record<Channel, number> = { stdout: 0, stderr: 0 };
  #seq = 0;
  #progress = 0;

  constructor(chunkBytes: number) {
    this.#chunkBytes = chunkBytes;
  }

  /** The chunk in it; undefined for a heartbeat. */
  take({ progress, message, _meta }: Progress): Chunk | undefined {
    if (progress <= this.#progress) expect(progress).toBeGreaterThan(this.#progress);
    this.#progress = progress;
    if (_meta === undefined) return undefined;
    const chunk = { ..._meta[META], text: message, progress };
    this.#check(chunk);
    return chunk;
  }

  /** Raw bytes of a channel so far. */
  bytes(channel: Channel): number {
    return this.#ends[channel];
  }

  #check({ channel, seq, offset, bytes, text, progress }: Chunk): void {
    const ends = this.#ends;
    // An assertion costs more than all the rest; it is made where it will fail.
    if (seq !== this.#seq || offset !== ends[channel])
      expect({ seq, offset }).toEqual({ seq: this.#seq, offset: ends[channel] });
    this.#seq += 1;
    ends[channel] += bytes;
    if (progress !== ends.stdout + ends.stderr) expect(progress).toBe(ends.stdout + ends.stderr);
    if (Buffer.byteLength(text) > this.#chunkBytes)
      expect(Buffer.byteLength(text)).toBeLessThanOrEqual(this.#chunkBytes);
    // A character split over two chunks would show as half a surrogate pair, or as U+FFFD in the joined text.
    if (!text.isWellFormed()) expect(text).toBe('well-formed text');
  }
}
