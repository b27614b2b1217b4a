import { EngineAnswerError } from './failure.ts';

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
