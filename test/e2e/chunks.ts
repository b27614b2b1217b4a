import { createHash } from 'node:crypto';
import { expect } from 'vitest';
import { type Channel, type Chunk, ChunkOrder } from './chunk-order.ts';
import type { Progress, RawClient, RequestId } from './raw-client.ts';

/** The progress of one call, in order; every line of it is checked against the contract's streaming chunks. */
export interface Streamed {
  readonly chunks: readonly Chunk[];
  readonly heartbeats: readonly number[];
  /** All text of a channel. */
  text(channel: Channel): string;
  /** Raw bytes of a channel. */
  bytes(channel: Channel): number;
}

/** What came for `token` until the result of `id`, and that nothing came after it. */
export function streamed(client: RawClient, token: string | number, id: RequestId, chunkBytes: number): Streamed {
  const resultAt = client.messages.findIndex((message) => message.id === id);
  const progress = client.messages.flatMap(({ params }, index) =>
    params?.progressToken === token ? [{ params, index }] : [],
  );
  expect(resultAt).toBeGreaterThan(progress.at(-1)?.index ?? -1);
  return collect(
    progress.map(({ params }) => params),
    chunkBytes,
  );
}

function collect(all: readonly Progress[], chunkBytes: number): Streamed {
  const chunks: Chunk[] = [];
  const heartbeats: number[] = [];
  const order = new ChunkOrder(chunkBytes);
  for (const progress of all) {
    const chunk = order.take(progress);
    if (chunk === undefined) heartbeats.push(progress.progress);
    else chunks.push(chunk);
  }
  return {
    chunks,
    heartbeats,
    text: (channel) => of(chunks, channel).reduce((text, chunk) => text + chunk.text, ''),
    bytes: (channel) => of(chunks, channel).reduce((sum, chunk) => sum + chunk.bytes, 0),
  };
}

function of(chunks: readonly Chunk[], channel: Channel): Chunk[] {
  return chunks.filter((chunk) => chunk.channel === channel);
}

export function sha256(data: string | Uint8Array): string {
  return createHash('sha256').update(data).digest('hex');
}
