import type { Duplex } from 'node:stream';
import { dial } from './dial.ts';
import type { Endpoint } from './endpoint.ts';
import { EngineAnswerError } from './failure.ts';

/** One read takes up to this much: what a unix socket's receive buffer gives at a time. */
const READ_BYTES = 262_144;
/** A response head larger than this is not an engine's. */
const MAX_HEAD_BYTES = 65_536;
const MAX_ERROR_BODY_BYTES = 65_536;

/** What becomes of a stream's bytes. `data` may keep the view only until it returns true or `resume` is called. */
export interface StreamSink {
  /** Returns false to stop reading until `resume()`. */
  data(bytes: Uint8Array): boolean;
  end(): void;
  error(error: Error): void;
}

export interface StreamRequest {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  /** JSON body, '' for none. */
  readonly body: string;
  /** `upgrade` hijacks the connection (exec); `http1.0` makes the engine send the body unchunked until it closes (logs). */
  readonly mode: 'upgrade' | 'http1.0';
}

/** An open byte stream. Its bytes go to the sink given to `openStream`. */
export interface ByteStream {
  resume(): void;
  write(bytes: Uint8Array): void;
  /** Half-closes: the engine sees the end of our input. */
  endInput(): void;
  destroy(): void;
}

function requestText(request: StreamRequest): string {
  const version = request.mode === 'upgrade' ? '1.1' : '1.0';
  const upgrade = request.mode === 'upgrade' ? 'Connection: Upgrade\r\nUpgrade: tcp\r\n' : '';
  const type = request.body === '' ? '' : 'Content-Type: application/json\r\n';
  const length = `Content-Length: ${Buffer.byteLength(request.body)}\r\n`;
  return `${request.method} ${request.path} HTTP/${version}\r\nHost: docker\r\n${upgrade}${type}${length}\r\n${request.body}`;
}

function statusOfHead(head: string): number {
  const match = /^HTTP\/1\.[01] (\d{3})/.exec(head);
  if (match === null) throw new Error(`Not an HTTP answer: ${JSON.stringify(head.slice(0, 80))}`);
  return Number(match[1]);
}

function errorSentence(body: Buffer): string {
  const text = body.toString('utf8').trim();
  const message = /"message"\s*:\s*("(?:[^"\\]|\\.)*")/.exec(text)?.[1];
  const parsed: unknown = message === undefined ? undefined : JSON.parse(message);
  return typeof parsed === 'string' ? parsed : text;
}

function contentLength(head: string): number {
  const match = /\r\ncontent-length:\s*(\d+)/i.exec(head);
  return match === null ? MAX_ERROR_BODY_BYTES : Math.min(Number(match[1]), MAX_ERROR_BODY_BYTES);
}

/** The answer as it arrives: its head may come split over any number of reads, and be followed by body bytes in the same read. */
class Answer {
  #head: Buffer = Buffer.alloc(0);
  #headText = '';
  #status = 0;
  #errorBody: Buffer = Buffer.alloc(0);
  #open = false;

  constructor(
    readonly sink: StreamSink,
    readonly opened: () => void,
    readonly refused: (error: Error) => void,
  ) {}

  /** Takes one read; returns whether reading may go on. */
  take(bytes: Uint8Array): boolean {
    if (this.#open) return this.sink.data(bytes);
    if (this.#status !== 0) return this.#takeErrorBody(bytes);
    this.#head = Buffer.concat([this.#head, bytes]);
    const end = this.#head.indexOf('\r\n\r\n');
    if (end < 0) return this.#headSoFar();
    return this.#headComplete(end);
  }

  end(): void {
    if (this.#open) this.sink.end();
    else if (this.#status === 0) this.refused(connectionLost());
    else this.refused(new EngineAnswerError(this.#status, errorSentence(this.#errorBody)));
  }

  fail(error: Error): void {
    if (this.#open) this.sink.error(error);
    else this.refused(error);
  }

  #headSoFar(): boolean {
    if (this.#head.length > MAX_HEAD_BYTES) this.refused(new Error('The answer of the engine has an endless head.'));
    return true;
  }

  #headComplete(end: number): boolean {
    this.#headText = this.#head.toString('latin1', 0, end);
    const rest = this.#head.subarray(end + 4);
    const status = statusOfHead(this.#headText);
    if (status === 101 || status === 200) {
      this.#open = true;
      this.opened();
      return rest.length === 0 || this.sink.data(rest);
    }
    this.#status = status;
    return this.#takeErrorBody(rest);
  }

  #takeErrorBody(bytes: Uint8Array): boolean {
    this.#errorBody = Buffer.concat([this.#errorBody, bytes]);
    if (this.#errorBody.length >= contentLength(this.#headText)) this.end();
    return true;
  }
}

function connectionLost(): Error {
  return Object.assign(new Error('The engine closed the connection before it answered.'), { code: 'ECONNRESET' });
}

/** Hands reads to the answer: by the shared read buffer where the transport has one, else by 'data' events. */
function connect(endpoint: Endpoint, take: (bytes: Uint8Array) => boolean): Duplex {
  const socket = dial(endpoint, {
    buffer: Buffer.allocUnsafeSlow(READ_BYTES),
    callback: (bytes, buffer) => take(buffer.subarray(0, bytes)),
  });
  if (endpoint.kind === 'ssh') {
    socket.on('data', (bytes: Buffer) => {
      if (!take(bytes)) socket.pause();
    });
  }
  return socket;
}

/**
 * Sends one request on a connection of its own and hands the answer's body to `sink` as it arrives. Resolves when the
 * engine accepted (101 or 200). Rejects with EngineAnswerError on another status, with the socket's error otherwise, with
 * the signal's reason when that aborts first (the connection is closed then).
 */
export function openStream(
  endpoint: Endpoint,
  request: StreamRequest,
  sink: StreamSink,
  signal: AbortSignal,
): Promise<ByteStream> {
  return new Promise((resolve, reject) => {
    const refuse = (error: Error): void => {
      signal.removeEventListener('abort', abort);
      socket.destroy();
      reject(error);
    };
    const abort = (): void => refuse(signal.reason instanceof Error ? signal.reason : new Error('aborted'));
    const accept = (): void => {
      signal.removeEventListener('abort', abort);
      resolve(streamOf(socket));
    };
    const answer = new Answer(sink, accept, refuse);
    const socket = connect(endpoint, (bytes) => guarded(() => answer.take(bytes), refuse));
    socket.once('end', () => answer.end());
    socket.once('error', (error: Error) => answer.fail(error));
    socket.write(requestText(request));
    signal.addEventListener('abort', abort, { once: true });
  });
}

function streamOf(socket: Duplex): ByteStream {
  return {
    resume: () => void socket.resume(),
    write: (bytes) => void socket.write(bytes),
    endInput: () => void socket.end(),
    destroy: () => void socket.destroy(),
  };
}

function guarded(take: () => boolean, refuse: (error: Error) => void): boolean {
  try {
    return take();
  } catch (error) {
    refuse(error instanceof Error ? error : new Error(String(error)));
    return true;
  }
}
