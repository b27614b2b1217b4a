import type { StreamSink } from '../engine/http-answer.ts';
import { startSentence } from '../engine/start-failure.ts';

/**
 * The engine writes "OCI runtime exec failed: …" among the output, framed like it. So a first read that looks like it is held
 * back until `failedToStart` has asked the engine whether the process ever started; every other read passes untouched.
 */
export class StartGate implements StreamSink {
  readonly #sink: StreamSink;
  readonly #framed: boolean;
  readonly #failedToStart: (sentence: string) => Promise<boolean>;
  readonly #resume: () => void;
  #passed = false;
  #sentence = '';
  #held: Uint8Array | undefined;
  #afterwards: (() => void) | undefined;

  constructor(
    sink: StreamSink,
    options: {
      readonly framed: boolean;
      readonly failedToStart: (sentence: string) => Promise<boolean>;
      readonly resume: () => void;
    },
  ) {
    this.#sink = sink;
    this.#framed = options.framed;
    this.#failedToStart = options.failedToStart;
    this.#resume = options.resume;
  }

  /** What the engine said of the start that failed; '' where it did not fail. */
  get sentence(): string {
    return this.#held === undefined ? '' : this.#sentence;
  }

  data(bytes: Uint8Array): boolean {
    if (this.#passed) return this.#sink.data(bytes);
    this.#passed = true;
    const sentence = startSentence(bytes, this.#framed);
    if (sentence === undefined) return this.#sink.data(bytes);
    this.#sentence = sentence;
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

  #decide(held: Uint8Array): void {
    void this.#failedToStart(this.#sentence).then((failed) => {
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
