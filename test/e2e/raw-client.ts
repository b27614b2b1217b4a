import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Readable, Writable } from 'node:stream';
import { onTestFinished } from 'vitest';
import { z } from 'zod';
import { BUILT, type Installation, Lines, type ServerEnvironment, serverEnvironment } from './server-process.ts';

const chunkFacts = z.strictObject({
  channel: z.enum(['stdout', 'stderr']),
  seq: z.int(),
  offset: z.int(),
  bytes: z.int(),
});

/** One line the server wrote, in the shapes JSON-RPC and the contract know; anything else fails the test. */
const messageShape = z.strictObject({
  jsonrpc: z.literal('2.0'),
  id: z.union([z.string(), z.number(), z.null()]).optional(),
  result: z.looseObject({}).optional(),
  error: z.looseObject({ code: z.number(), message: z.string() }).optional(),
  method: z.literal('notifications/progress').optional(),
  params: z
    .strictObject({
      progressToken: z.union([z.string(), z.number()]),
      progress: z.number(),
      message: z.string(),
      _meta: z.strictObject({ 'mcp-docker-exec/chunk': chunkFacts }).optional(),
    })
    .optional(),
});

export type Message = z.output<typeof messageShape>;
export type Progress = NonNullable<Message['params']>;
export type RequestId = string | number;

const resultShape = z.strictObject({
  content: z.tuple([z.strictObject({ type: z.literal('text'), text: z.string() })]),
  structuredContent: z.record(z.string(), z.unknown()),
  isError: z.boolean(),
});

export interface RawReply {
  readonly isError: boolean;
  readonly structured: Readonly<Record<string, unknown>>;
  readonly text: string;
}

export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

export interface CallOptions {
  readonly id?: RequestId;
  readonly token?: string | number;
}

export interface RawOptions extends Partial<Installation> {
  /** Give DOCKER_HOST. */
  readonly env: ServerEnvironment;
  /** Is shown each progress notification as it comes; neither these nor any line of stdout are kept then. */
  readonly onProgress?: (progress: Progress) => void;
}

/** A client that sees the server's lines as they are, and can misbehave in every way a client can. */
export class RawClient {
  readonly #child: ChildProcessByStdio<Writable, Readable, Readable>;
  readonly #stderr = new Lines();
  readonly #stdout: Lines;
  readonly #onProgress: RawOptions['onProgress'];
  readonly #messages: Message[] = [];
  readonly #waiting = new Set<() => void>();
  #lastId = 1000;
  /** Rejects when the server has ended: one error for whoever waits then, as there may be thousands. */
  readonly #lost: Promise<never>;
  /** Resolves when the server has ended and its output is read. */
  readonly exit: Promise<Exit>;
  /** Resolves when the server has ended, read or not. */
  readonly gone: Promise<Exit>;

  constructor(env: ServerEnvironment, onProgress?: RawOptions['onProgress'], { program, node } = BUILT) {
    this.#onProgress = onProgress;
    this.#stdout = new Lines((line) => this.#receive(line), onProgress === undefined);
    this.#child = spawn(node, [program], { env: serverEnvironment(env), stdio: ['pipe', 'pipe', 'pipe'] });
    this.#child.stdout.on('data', (chunk: Buffer) => this.#stdout.push(chunk));
    this.#child.stderr.on('data', (chunk: Buffer) => this.#stderr.push(chunk));
    this.#child.stdin.on('error', () => undefined);
    this.exit = once(this.#child, 'close').then(([code, signal]) => ({ code, signal }));
    this.#lost = this.exit.then(({ code, signal }) => {
      throw new Error(`The server ended (${code ?? signal}): ${this.stderrLines.join('\n')}`);
    });
    this.#lost.catch(() => undefined);
    this.gone = once(this.#child, 'exit').then(([code, signal]) => ({ code, signal }));
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  /** Resolves when the process has ended, whether its output was read or not. */
  async ended(): Promise<Exit> {
    const { exitCode, signalCode } = this.#child;
    if (exitCode !== null || signalCode !== null) return { code: exitCode, signal: signalCode };
    const [code, signal] = await once(this.#child, 'exit');
    return { code, signal };
  }

  /** Every message so far, in the order of arrival. */
  get messages(): readonly Message[] {
    return this.#messages;
  }

  get stdoutLines(): readonly string[] {
    return this.#stdout.all;
  }

  /** Bytes on stdout after the last whole line. */
  get unfinishedBytes(): number {
    return this.#stdout.unfinished;
  }

  get stderrLines(): readonly string[] {
    return this.#stderr.all;
  }

  async initialize(): Promise<void> {
    const clientInfo = { name: 'raw', version: '1' };
    this.send({
      id: 'init',
      method: 'initialize',
      params: { protocolVersion: '2025-06-18', capabilities: {}, clientInfo },
    });
    await this.reply('init');
    this.send({ method: 'notifications/initialized' });
  }

  /** Sends a message; `jsonrpc` is added. */
  send(message: Readonly<Record<string, unknown>>): void {
    this.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);
  }

  /** Writes to the server's stdin as it is. */
  write(text: string | Uint8Array): void {
    this.#child.stdin.write(text);
  }

  /** Sends a tools/call and returns its id; nobody waits for the reply. */
  begin(tool: string, args: Readonly<Record<string, unknown>>, { id, token }: CallOptions = {}): RequestId {
    this.#lastId += 1;
    const requestId = id ?? this.#lastId;
    const meta = token === undefined ? {} : { _meta: { progressToken: token } };
    this.send({ id: requestId, method: 'tools/call', params: { name: tool, arguments: args, ...meta } });
    return requestId;
  }

  /** Sends a tools/call and waits for its result. */
  async call(tool: string, args: Readonly<Record<string, unknown>> = {}, options: CallOptions = {}): Promise<RawReply> {
    return this.result(this.begin(tool, args, options));
  }

  cancel(requestId: RequestId): void {
    this.send({ method: 'notifications/cancelled', params: { requestId } });
  }

  /** The result of a tools/call. */
  async result(id: RequestId): Promise<RawReply> {
    const { result } = await this.reply(id);
    const { content, structuredContent, isError } = resultShape.parse(result);
    return { isError, structured: structuredContent, text: content[0].text };
  }

  reply(id: RequestId): Promise<Message> {
    return this.until((message) => message.id === id && message.method === undefined);
  }

  /** The first message that matches, among those that came and those that will. Rejects when the server ends before. */
  async until(matches: (message: Message) => boolean): Promise<Message> {
    for (let seen = 0; ; ) {
      for (; seen < this.#messages.length; seen += 1) {
        const message = this.#messages[seen];
        if (message !== undefined && matches(message)) return message;
      }
      await Promise.race([this.#lost, new Promise<void>((resolve) => this.#waiting.add(resolve))]);
    }
  }

  /** Stops reading: what the server writes stays in the pipe, and then in the server. */
  stopReading(): void {
    this.#child.stdout.pause();
  }

  /** As clients that never look at a server's stderr. */
  stopReadingErrors(): void {
    this.#child.stderr.pause();
  }

  resumeReading(): void {
    this.#child.stderr.resume();
    this.#child.stdout.resume();
  }

  endInput(): void {
    this.#child.stdin.end();
  }

  /** Closes the read end of the server's stdout. */
  closeOutput(): void {
    this.#child.stdout.destroy();
  }

  signal(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  /** Ends the server if it still runs, the way it should always work. */
  async close(): Promise<void> {
    this.resumeReading();
    this.endInput();
    await this.exit;
  }

  #receive(line: string): void {
    const message = messageShape.parse(JSON.parse(line));
    if (message.params !== undefined && this.#onProgress !== undefined) {
      this.#onProgress(message.params);
      return;
    }
    this.#messages.push(message);
    for (const wake of this.#waiting) wake();
    this.#waiting.clear();
  }
}

/** Starts the built server for one test, initialized. */
export async function startRaw({ env, onProgress, ...installed }: RawOptions): Promise<RawClient> {
  const client = new RawClient(env, onProgress, { ...BUILT, ...installed });
  onTestFinished(() => client.close());
  await client.initialize();
  return client;
}
