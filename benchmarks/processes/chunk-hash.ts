import { createHash, type Hash } from 'node:crypto';
import { z } from 'zod';

const chunk = z.object({
  params: z.object({
    message: z.string(),
    _meta: z.object({ 'mcp-docker-exec/chunk': z.object({ channel: z.enum(['stdout', 'stderr']) }) }),
  }),
});

/** Joins what streamed chunks say of stdout into a SHA-256, to compare with what the command wrote. */
export class ChunkHash {
  readonly #hash: Hash = createHash('sha256');
  #rest: Buffer = Buffer.alloc(0);

  take(read: Buffer): void {
    const input = Buffer.concat([this.#rest, read]);
    const end = input.lastIndexOf(0x0a) + 1;
    this.#rest = input.subarray(end);
    for (const line of input.toString('utf8', 0, end).split('\n')) this.#takeLine(line);
  }

  digest(): string {
    return this.#hash.digest('hex');
  }

  #takeLine(line: string): void {
    const parsed = chunk.safeParse(line === '' ? undefined : JSON.parse(line));
    if (!parsed.success) return;
    const { message, _meta } = parsed.data.params;
    if (_meta['mcp-docker-exec/chunk'].channel === 'stdout') this.#hash.update(message);
  }
}
