import { type Demuxer, MIN_OUT_BYTES, STATE, STATUS } from '../frames/demuxer.ts';
import { Backlog } from './backlog.ts';
import type { Credit } from './credit.ts';

/** A buffer is handed on once it holds this much … */
const FLUSH_BYTES = 65_536;
/** … or at the latest this long after its first byte, well inside the 50 ms the contract allows. */
const FLUSH_MS = 4;

const NO_OUT = new Uint8Array(0);

/** Hands a filled buffer to main: `length` bytes of whole lines that bring the total to `delivered` raw bytes. */
export type PostOutput = (buffer: ArrayBuffer, length: number, delivered: number) => void;

export interface DeliveryOptions {
  readonly demuxer: Demuxer;
  /** null: nothing is streamed, output is only kept. */
  readonly credit: Credit | null;
  readonly post: PostOutput;
  /** Called when reading may go on after `take` returned false. */
  readonly resume: () => void;
}

/** Feeds what is read into the demuxer and what that writes to main, as fast as credit allows. */
export class Delivery {
  readonly #demuxer: Demuxer;
  readonly #credit: Credit | null;
  readonly #post: PostOutput;
  readonly #resume: () => void;
  #out: Uint8Array<ArrayBuffer> | undefined;
  #outEnd = 0;
  readonly #backlog = new Backlog();
  #timer: NodeJS.Timeout | undefined;
  #lastPost = 0;
  #discarding = false;
  #roomWanted: (() => void) | undefined;
  #finished: Promise<void> | undefined;

  constructor(options: DeliveryOptions) {
    this.#demuxer = options.demuxer;
    this.#credit = options.credit;
    this.#post = options.post;
    this.#resume = options.resume;
  }

  /** True while the client has to read before more of the output can be taken. */
  get blocked(): boolean {
    return !this.#backlog.empty || this.#roomWanted !== undefined;
  }

  /** True while nothing but the client keeps an ended process's output from its end. */
  get awaitsClient(): boolean {
    return this.blocked && !this.#backlog.outlived;
  }

  get status(): number {
    return this.#demuxer.state[STATE.status] ?? STATUS.open;
  }

  /** Takes one read. False: stop reading until `resume` is called; `bytes` must stay as they are until then. */
  take(bytes: Uint8Array): boolean {
    if (this.#discarding) return true;
    if (this.#credit === null) {
      this.#demuxer.push(bytes, 0, bytes.length, NO_OUT, 0);
      return true;
    }
    const taken = this.#backlog.empty ? this.#stream(bytes) : 0;
    return taken === bytes.length || this.#backlog.keep(bytes.subarray(taken));
  }

  /**
   * The process has ended: reading goes on into memory although the client does not read. Docker waits 2 s for its output to
   * be taken and then drops the rest.
   */
  spool(): void {
    if (this.#credit !== null && this.#backlog.spool()) this.#resume();
  }

  /** The process runs after all. */
  stopSpooling(): void {
    this.#backlog.stopSpooling();
  }

  /** A buffer came back from main. */
  giveBack(buffer: ArrayBuffer): void {
    this.#credit?.giveBack(buffer);
    const waited = !this.#backlog.empty;
    this.#backlog.drain((bytes) => this.#stream(bytes));
    if (waited && this.#backlog.empty) this.#resume();
    this.#roomWanted?.();
  }

  /** From here on nothing is kept or sent: nobody waits for it any more. */
  discard(): void {
    this.#flush();
    this.#discarding = true;
    clearTimeout(this.#timer);
    if (!this.#backlog.empty) this.#resume();
    this.#backlog.clear();
    this.#roomWanted?.();
  }

  /** The input has ended: resolves when the last buffer was handed on. `status` is final then. May be asked for again. */
  finish(): Promise<void> {
    this.#finished ??= this.#finish();
    return this.#finished;
  }

  async #finish(): Promise<void> {
    clearTimeout(this.#timer);
    if (this.#credit === null) {
      this.#demuxer.finish(NO_OUT, 0);
      return;
    }
    const out = await this.#roomyOut();
    this.#outEnd = this.#demuxer.finish(out, this.#outEnd);
    if (!this.#discarding) this.#handOn();
  }

  /** Returns how many bytes were taken: all, unless credit ran out. */
  #stream(bytes: Uint8Array): number {
    let start = 0;
    while (start < bytes.length) {
      const out = this.#ensureOut();
      if (out === undefined) return start;
      start += this.#demuxer.push(bytes, start, bytes.length, out, this.#outEnd);
      this.#outEnd = this.#demuxer.state[STATE.outEnd] ?? 0;
      if (start < bytes.length) this.#handOn();
    }
    this.#flushSoon();
    return start;
  }

  #ensureOut(): Uint8Array<ArrayBuffer> | undefined {
    if (this.#out === undefined) {
      this.#out = this.#credit?.take();
      this.#outEnd = 0;
    }
    return this.#out;
  }

  #flushSoon(): void {
    if (this.#outEnd === 0) return;
    const now = performance.now();
    if (this.#outEnd >= FLUSH_BYTES || now - this.#lastPost >= FLUSH_MS) this.#flush();
    else this.#timer ??= setTimeout(() => this.#flush(), FLUSH_MS);
  }

  #flush(): void {
    if (this.#out === undefined) return;
    this.#outEnd = this.#demuxer.flush(this.#out, this.#outEnd);
    this.#handOn();
  }

  #handOn(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const out = this.#out;
    if (out === undefined || this.#outEnd === 0) return;
    this.#out = undefined;
    this.#lastPost = performance.now();
    this.#post(out.buffer, this.#outEnd, this.#demuxer.state[STATE.deliveredBytes] ?? 0);
    this.#outEnd = 0;
  }

  /** A buffer with room for the closing lines; one that goes nowhere once output is discarded. */
  async #roomyOut(): Promise<Uint8Array<ArrayBuffer>> {
    if (this.#out !== undefined && this.#out.length - this.#outEnd < MIN_OUT_BYTES) this.#flush();
    while (!this.#discarding) {
      const out = this.#backlog.empty ? this.#ensureOut() : undefined;
      if (out !== undefined) return out;
      await new Promise<void>((resolve) => {
        this.#roomWanted = resolve;
      });
      this.#roomWanted = undefined;
    }
    this.#outEnd = 0;
    return new Uint8Array(MIN_OUT_BYTES);
  }
}
