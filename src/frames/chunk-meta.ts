/** Under this key of `_meta` a progress notification says that it carries a chunk of output, and which. */
export const CHUNK_META = 'mcp-docker-exec/chunk';

/** A chunk's place in the output. All counts are of raw bytes, as the command wrote them. */
export interface ChunkMeta {
  readonly channel: 'stdout' | 'stderr';
  /** Counts over both channels, from 0, without a gap. */
  readonly seq: number;
  /** Where the chunk begins in its channel. */
  readonly offset: number;
  readonly bytes: number;
}
