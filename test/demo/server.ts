import { fileURLToPath } from 'node:url';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { ProgressNotificationSchema } from '@modelcontextprotocol/sdk/types.js';
import { z } from 'zod';

const SERVER = fileURLToPath(new URL('../../dist/src/main.js', import.meta.url));

const chunkShape = z.object({
  channel: z.enum(['stdout', 'stderr']),
  seq: z.int(),
  offset: z.int(),
  bytes: z.int(),
});

const progressShape = z.object({
  progressToken: z.union([z.string(), z.number()]),
  progress: z.number(),
  message: z.string().default(''),
  _meta: z.object({ 'mcp-docker-exec/chunk': chunkShape.optional() }).optional(),
});

/** One piece of streamed output; `total` is the bytes delivered so far over both channels. */
export type Chunk = z.output<typeof chunkShape> & { readonly text: string; readonly total: number };

const replyShape = z.object({ structuredContent: z.record(z.string(), z.unknown()), isError: z.boolean() });

export interface Reply {
  readonly isError: boolean;
  readonly structured: Readonly<Record<string, unknown>>;
}

interface CallOptions {
  readonly onChunk?: (chunk: Chunk) => void;
  readonly signal?: AbortSignal;
}

/** The built server behind the MCP SDK's own client, over stdio as Cursor starts it. */
export interface DemoServer {
  call(tool: string, args: object, options?: CallOptions): Promise<Reply>;
  /** What the server wrote to stderr so far: its log and, as no file is set, its audit. */
  stderr(): string;
  close(): Promise<void>;
}

/** Starts `node dist/src/main.js` with these variables and nothing else of the environment but PATH and HOME. */
export async function startServer(variables: Readonly<Record<string, string>>): Promise<DemoServer> {
  const { PATH = '', HOME = '' } = process.env;
  const env = { PATH, HOME, ...variables };
  const transport = new StdioClientTransport({ command: process.execPath, args: [SERVER], env, stderr: 'pipe' });
  let stderr = '';
  transport.stderr?.on('data', (text: Buffer) => {
    stderr += text.toString();
  });
  const client = new Client({ name: 'mcp-docker-exec-demo', version: '1.0.0' });
  const listeners = new Map<string | number, (chunk: Chunk) => void>();
  listenForChunks(client, listeners);
  await client.connect(transport);
  await client.listTools();
  return { call: caller(client, listeners), stderr: () => stderr, close: () => client.close() };
}

/**
 * The SDK forgets a call's own `onprogress` as soon as it sees the result, and then drops chunks that came in the same
 * read; a handler for all progress notifications gets every one.
 */
function listenForChunks(client: Client, listeners: ReadonlyMap<string | number, (chunk: Chunk) => void>): void {
  client.setNotificationHandler(ProgressNotificationSchema, ({ params }) => {
    const { progressToken, progress, message, _meta } = progressShape.parse(params);
    const chunk = _meta?.['mcp-docker-exec/chunk'];
    if (chunk !== undefined) listeners.get(progressToken)?.({ ...chunk, text: message, total: progress });
  });
}

function caller(client: Client, listeners: Map<string | number, (chunk: Chunk) => void>): DemoServer['call'] {
  let tokens = 0;
  return async (name, args, { onChunk, signal } = {}) => {
    const progressToken = `demo-${++tokens}`;
    if (onChunk !== undefined) listeners.set(progressToken, onChunk);
    const meta = onChunk === undefined ? {} : { _meta: { progressToken } };
    const request = { name, arguments: { ...args }, ...meta };
    const result = await client
      .callTool(request, undefined, signal === undefined ? {} : { signal })
      .finally(() => listeners.delete(progressToken));
    const { isError, structuredContent } = replyShape.parse(result);
    return { isError, structured: structuredContent };
  };
}
