import type { StreamSink } from '../engine/http-answer.ts';

/** The engine's sentence about a failed start is one short line. */
const MAX_SENTENCE_BYTES = 4096;

/**
 * The engine writes "OCI runtime exec failed: …" into stdout, framed like output. It ends that line with CR LF. So a first
 * read that looks like it is held back until `failedToStart` has asked the engine whether the process ever started; every
 * other read passes untouched.
 */
export class StartGate implements StreamSink {
  readonly #sink: StreamSink;
  readonly #framed: boolean;
  readonly #failedToStart: () => Promise<boolean>;
  readonly #resume: () => void;
  #passed = false;
  #held: Uint8Array | undefined;
  #afterwards: (() => void) | undefined;

  constructor(
    sink: StreamSink,
    options: { readonly framed: boolean; readonly failedToStart: () => Promise<boolean>; readonly resume: () => void },
  ) {
    this.#sink = sink;
    this.#framed = options.framed;
    this.#failedToStart = options.failedToStart;
    this.#resume = options.resume;
  }

  /** What was held back, as text without its frame header. */
  get sentence(): string {
    if (this.#held === undefined) return '';
    return Buffer.from(this.#held.subarray(this.#framed ? 8 : 0))
      .toString('utf8')
      .trim();
  }

  data(bytes: Uint8Array): boolean {
    if (this.#passed) return this.#sink.data(bytes);
    this.#passed = true;
    if (!this.#suspicious(bytes)) return this.#sink.data(bytes);
    this.#held = Uint8Array.from(bytes);
    this.#decide(this.#held);
    return false;
  }

  end(): void {
    this.#later(() => this.#sink.end());
  }

  error(error: Error): void {
    this.#later(() => this.#sink.error(error));
  }

  #suspicious(bytes: Uint8Array): boolean {
    return bytes.length <= MAX_SENTENCE_BYTES && bytes.at(-1) === 0x0a && bytes.at(-2) === 0x0d;
  }

  #decide(held: Uint8Array): void {
    void this.#failedToStart().then((failed) => {
      // The engine (20.10) keeps the connection of a failed start open for 2 s more; there is nothing to wait for.
      if (failed) return this.#sink.end();
      this.#held = undefined;
      if (this.#sink.data(held)) this.#resume();
      this.#afterwards?.();
    });
  }

  /** The end may be seen before the decision is made. */
  #later(action: () => void): void {
    if (this.#held === undefined) action();
    else this.#afterwards = action;
  }
}
