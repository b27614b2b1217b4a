import type { Channel } from '../demuxer.ts';

const NEWLINE = 0x0a;

/** Counts the lines of both channels and says where a bound on them ends the input. */
export class LineCounter {
  readonly #bound: number;
  readonly #unfinished: Record<Channel, boolean> = { stdout: false, stderr: false };
  lines = 0;

  /** `bound`: 0 is none. */
  constructor(bound: number) {
    this.#bound = bound;
  }

  /** End of what lies within the bound: behind the newline that reaches it. */
  endWithin(input: Uint8Array, start: number, end: number): number {
    if (this.#bound === 0) return end;
    const span = input.subarray(start, end);
    let at = 0;
    for (let left = this.#bound - this.lines; left > 0 && at < span.length; left--) {
      const newline = span.indexOf(NEWLINE, at);
      if (newline === -1) return end;
      at = newline + 1;
    }
    return start + at;
  }

  take(channel: Channel, input: Uint8Array, start: number, end: number): void {
    if (start === end) return;
    const span = input.subarray(start, end);
    for (let at = span.indexOf(NEWLINE); at !== -1; at = span.indexOf(NEWLINE, at + 1)) this.lines++;
    this.#unfinished[channel] = input[end - 1] !== NEWLINE;
  }

  get reached(): boolean {
    return this.#bound > 0 && this.lines >= this.#bound;
  }

  /** The input has ended: unfinished last lines count, except behind the bound. */
  finish(): void {
    for (const channel of ['stdout', 'stderr'] as const) {
      if (this.#unfinished[channel] && !this.reached) this.lines++;
      this.#unfinished[channel] = false;
    }
  }
}
