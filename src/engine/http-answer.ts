import { EngineAnswerError } from './failure.ts';

/** A response head larger than this is not an engine's. */
const MAX_HEAD_BYTES = 65_536;
const MAX_ERROR_BODY_BYTES = 65_536;
const LAST_CHUNK = '\r\n0\r\n\r\n';

/** What becomes of a stream's bytes. `data` may keep the view only until it returns true or `resume` is called. */
export interface StreamSink {
  /** Returns false to stop reading until `resume()`. */
  data(bytes: Uint8Array): boolean;
  end(): void;
  error(error: Error): void;
}

function statusOfHead(head: string): number {
  const match = /^HTTP\/1\.[01] (\d{3})/.exec(head);
  if (match === null) throw new Error(`Not an HTTP answer: ${JSON.stringify(head.slice(0, 80))}`);
  return Number(match[1]);
}

/** The engine's own sentence in the body of an answer that refuses. */
export function errorSentence(body: Buffer): string {
  const text = body.toString('utf8').trim();
  const message = /"message"\s*:\s*("(?:[^"\\]|\\.)*")/.exec(text)?.[1];
  return (message === undefined ? undefined : parsedString(message)) ?? text;
}

/** undefined where it is no JSON after all: an escape that there is none, a bare control character. */
function parsedString(json: string): string | undefined {
  try {
    const parsed: unknown = JSON.parse(json);
    return typeof parsed === 'string' ? parsed : undefined;
  } catch {
    return undefined;
  }
}

function contentLength(head: string): number {
  const match = /\r\ncontent-length:\s*(\d+)/i.exec(head);
  return match === null ? MAX_ERROR_BODY_BYTES : Math.min(Number(match[1]), MAX_ERROR_BODY_BYTES);
}

function isChunked(head: string): boolean {
  return /\r\ntransfer-encoding:[^\r]*chunked/i.test(head);
}

/** The answer as it arrives: its head may come split over any number of reads, and be followed by body bytes in the same read. */
export class Answer {
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
      if (isChunked(this.#headText))
        throw new Error('The engine answered in chunks where a plain stream was asked for.');
      this.#open = true;
      this.opened();
      return rest.length === 0 || this.sink.data(rest);
    }
    this.#status = status;
    return this.#takeErrorBody(rest);
  }

  #takeErrorBody(bytes: Uint8Array): boolean {
    this.#errorBody = Buffer.concat([this.#errorBody, bytes]);
    if (this.#errorBodyComplete()) this.end();
    return true;
  }

  #errorBodyComplete(): boolean {
    if (isChunked(this.#headText) && this.#errorBody.includes(LAST_CHUNK)) return true;
    return this.#errorBody.length >= contentLength(this.#headText);
  }
}

function connectionLost(): Error {
  return Object.assign(new Error('The engine closed the connection before it answered.'), { code: 'ECONNRESET' });
}
