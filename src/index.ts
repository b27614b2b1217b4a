/**
 * What a program that talks to the server can name: error codes, how a run ended, and the place of a streamed chunk.
 * The server itself is the program `mcp-docker-exec`, not a library.
 */
export { ERROR_CODES, type ErrorBody, type ErrorCode } from './errors.ts';
export { CHUNK_META, type ChunkMeta } from './frames/chunk-meta.ts';
export { OUTCOMES, type Outcome, TERMINATIONS, type Termination } from './protocol/outcome.ts';
