import type { Readable } from 'node:stream';
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import {
  ErrorCode,
  type JSONRPCMessage,
  JSONRPCMessageSchema,
  type RequestId,
} from '@modelcontextprotocol/sdk/types.js';
import { LineReader, MAX_LINE_BYTES } from './line-reader.ts';
import type { Lane, Writer } from './writer.ts';

/** What becomes of the SDK's reply to a request. */
export type ReplyOverride =
  /** These bytes are the reply: output never becomes a JavaScript string on this thread. */
  | { readonly kind: 'bytes'; readonly pieces: readonly Uint8Array[]; readonly lane: Lane }
  /** The request was cancelled: it gets no reply. */
  | { readonly kind: 'none' };

function encode(message: object): Uint8Array {
  return Buffer.from(`${JSON.stringify(message)}\n`, 'utf8');
}

/**
 * stdio for the SDK. Its own stdio transport ends neither its handlers nor the process at stdin's end, crashes on a dead
 * stdout, and reads lines of any length; and results here are bytes already.
 */
export class StdioTransport implements Transport {
  onclose?: () => void;
  onerror?: (error: Error) => void;
  onmessage?: Transport['onmessage'];

  readonly #stdin: Readable;
  readonly #lane: Lane;
  readonly #overrides = new Map<RequestId, ReplyOverride>();
  readonly #reader = new LineReader({
    line: (text) => this.#receive(text),
    oversized: () => this.#refuse(ErrorCode.InvalidRequest, `A message is larger than ${MAX_LINE_BYTES} bytes.`),
  });

  constructor(stdin: Readable, writer: Writer) {
    this.#stdin = stdin;
    this.#lane = writer.lane();
  }

  async start(): Promise<void> {
    this.#stdin.on('data', (chunk: Buffer) => this.#reader.push(chunk));
    this.#stdin.on('error', (error) => this.onerror?.(error));
    this.#stdin.once('end', () => this.onclose?.());
    this.#stdin.once('close', () => this.onclose?.());
  }

  async close(): Promise<void> {
    this.#stdin.pause();
    this.onclose?.();
  }

  /** Says what is sent, or that nothing is, when the SDK replies to this request. */
  overrideReply(id: RequestId, override: ReplyOverride): void {
    this.#overrides.set(id, override);
  }

  async send(message: JSONRPCMessage): Promise<void> {
    const override = this.#takeOverride(message);
    if (override === undefined) return this.#lane.write([encode(message)], 'reply');
    if (override.kind === 'bytes') return override.lane.write(override.pieces, 'reply');
  }

  #takeOverride(message: JSONRPCMessage): ReplyOverride | undefined {
    if (!('id' in message) || message.id === undefined || 'method' in message) return undefined;
    const override = this.#overrides.get(message.id);
    this.#overrides.delete(message.id);
    return override;
  }

  #receive(text: string): void {
    let json: unknown;
    try {
      json = JSON.parse(text);
    } catch {
      this.#refuse(ErrorCode.ParseError, 'A message is not JSON.');
      return;
    }
    const message = JSONRPCMessageSchema.safeParse(json);
    if (message.success) this.onmessage?.(message.data);
    else this.#refuse(ErrorCode.InvalidRequest, 'A message is not JSON-RPC 2.0.');
  }

  /** JSON-RPC answers what has no readable id with id null. */
  #refuse(code: ErrorCode, message: string): void {
    this.#lane.write([encode({ jsonrpc: '2.0', id: null, error: { code, message } })], 'reply').catch(() => undefined);
    this.onerror?.(new Error(message));
  }
}
