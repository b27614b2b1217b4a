import { createHash } from 'node:crypto';
import { expect } from 'vitest';
import type { Message, RawClient, RequestId } from './raw-client.ts';

export type Channel = 'stdout' | 'stderr';

interface Chunk {
  readonly channel: Channel;
  readonly seq: number;
  readonly offset: number;
  readonly bytes: number;
  readonly text: string;
  readonly progress: number;
}

/** The progress of one call, in order; every line of it is checked against the contract's streaming chunks. */
export interface Streamed {
  readonly chunks: readonly Chunk[];
  readonly heartbeats: readonly number[];
  /** All text of a channel. */
  text(channel: Channel): string;
  /** Raw bytes of a channel. */
  bytes(channel: Channel): number;
}

const META = 'mcp-docker-exec/chunk';

type Params = NonNullable<Message['params']>;

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

function collect(all: readonly Params[], chunkBytes: number): Streamed {
  const chunks: Chunk[] = [];
  const heartbeats: number[] = [];
  let previous = 0;
  for (const params of all) {
    expect(params.progress).toBeGreaterThan(previous);
    previous = params.progress;
    const meta = params._meta?.[META];
    if (meta === undefined) heartbeats.push(params.progress);
    else chunks.push({ ...meta, text: params.message, progress: params.progress });
  }
  checkFigures(chunks, chunkBytes);
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

/** seq without gaps over both channels, offsets without gaps in each, progress the exact total, text within its bound. */
function checkFigures(chunks: readonly Chunk[], chunkBytes: number): void {
  const ends = { stdout: 0, stderr: 0 };
  for (const [index, { channel, seq, offset, bytes, text, progress }] of chunks.entries()) {
    if (seq !== index || offset !== ends[channel])
      expect({ seq, offset }).toEqual({ seq: index, offset: ends[channel] });
    ends[channel] += bytes;
    if (progress !== ends.stdout + ends.stderr) expect(progress).toBe(ends.stdout + ends.stderr);
    if (Buffer.byteLength(text) > chunkBytes) expect(Buffer.byteLength(text)).toBeLessThanOrEqual(chunkBytes);
    // A character split over two chunks would show as half a surrogate pair, or as U+FFFD in the joined text.
    if (!text.isWellFormed()) expect(text).toBe('well-formed text');
  }
}

export function sha256(data: string | Uint8Array): string {
  return createHash('sha256').update(data).digest('hex');
}
