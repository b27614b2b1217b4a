import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import type { Progress } from '@modelcontextprotocol/sdk/types.js';
import { onTestFinished } from 'vitest';
import { z } from 'zod';
import { BUILT, type Installation, Lines, type ServerEnvironment, serverEnvironment } from './server-process.ts';

/** A tools/call result; `structured` was checked by the SDK against the tool's own output schema. */
export interface Reply {
  readonly isError: boolean;
  readonly structured: Readonly<Record<string, unknown>>;
  /** `content[0].text`. */
  readonly text: string;
}

export interface CallOptions {
  readonly onProgress?: (progress: Progress) => void;
  readonly signal?: AbortSignal;
  /** Milliseconds until the client gives up; 30 000 by default. */
  readonly timeoutMs?: number;
}

/** The built server over stdio with the SDK's own client in front, as Cursor and others use it. */
export interface TestServer {
  readonly client: Client;
  readonly pid: number;
  /** Lines of the server's stderr so far. */
  readonly stderr: readonly string[];
  call(tool: string, args?: Readonly<Record<string, unknown>>, options?: CallOptions): Promise<Reply>;
  /** Closes like a client that goes; happens by itself when the test ends. */
  close(): Promise<void>;
}

const resultShape = z.object({
  content: z.tuple([z.object({ type: z.literal('text'), text: z.string() })]),
  structuredContent: z.record(z.string(), z.unknown()),
  isError: z.boolean().default(false),
});

/** `BUILT`, but for what a test says. */
export interface ServerOptions extends Partial<Installation> {
  /** Give DOCKER_HOST. */
  readonly env: ServerEnvironment;
}

/** Starts the built server for one test. */
export async function startServer(options: ServerOptions): Promise<TestServer> {
  const server = await openServer(options);
  onTestFinished(server.close);
  return server;
}

/** As `startServer`, for a whole file: the caller closes it. */
export async function openServer({ env, ...installed }: ServerOptions): Promise<TestServer> {
  const { program, node } = { ...BUILT, ...installed };
  const transport = new StdioClientTransport({
    command: node,
    args: [program],
    env: serverEnvironment(env),
    stderr: 'pipe',
  });
  const stderr = new Lines();
  transport.stderr?.on('data', (chunk: Buffer) => stderr.push(chunk));
  const client = new Client({ name: 'mcp-docker-exec-test', version: '1.0.0' });
  await client.connect(transport);
  // From here on the SDK checks every result against the output schema the server states.
  await client.listTools();
  return {
    client,
    pid: transport.pid ?? 0,
    stderr: stderr.all,
    call: (tool, args = {}, options = {}) => call(client, tool, args, options),
    close: () => client.close(),
  };
}

async function call(
  client: Client,
  name: string,
  args: Readonly<Record<string, unknown>>,
  { onProgress, signal, timeoutMs = 30_000 }: CallOptions,
): Promise<Reply> {
  const result = await client.callTool({ name, arguments: args }, undefined, {
    timeout: timeoutMs,
    ...(onProgress === undefined ? {} : { onprogress: onProgress }),
    ...(signal === undefined ? {} : { signal }),
  });
  const { content, structuredContent, isError } = resultShape.parse(result);
  return { isError, structured: structuredContent, text: content[0].text };
}
