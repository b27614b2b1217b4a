/** Clients and servers built on the SDK drop a connection above this, so nothing larger can be meant. */
export const MAX_LINE_BYTES = 10_485_760;

const NEWLINE = 0x0a;

export interface LineHandlers {
  line(text: string): void;
  /** A line was longer than MAX_LINE_BYTES; it was skipped. */
  oversized(): void;
}

/** Cuts stdin into lines without ever holding more than one line of bounded size. */
export class LineReader {
  readonly #handlers: LineHandlers;
  #parts: Uint8Array[] = [];
  #bytes = 0;
  #skipping = false;

  constructor(handlers: LineHandlers) {
    this.#handlers = handlers;
  }

  push(chunk: Uint8Array): void {
    let start = 0;
    for (let end = chunk.indexOf(NEWLINE); end >= 0; end = chunk.indexOf(NEWLINE, start)) {
      this.#keep(chunk.subarray(start, end));
      this.#endLine();
      start = end + 1;
    }
    this.#keep(chunk.subarray(start));
  }

  #keep(part: Uint8Array): void {
    if (this.#skipping || part.length === 0) return;
    this.#bytes += part.length;
    if (this.#bytes > MAX_LINE_BYTES) {
      this.#skipping = true;
      this.#parts = [];
      this.#handlers.oversized();
    } else {
      this.#parts.push(part);
    }
  }

  #endLine(): void {
    const text = Buffer.concat(this.#parts).toString('utf8').trim();
    const skipped = this.#skipping;
    this.#parts = [];
    this.#bytes = 0;
    this.#skipping = false;
    if (!skipped && text !== '') this.#handlers.line(text);
  }
}
