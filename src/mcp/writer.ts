import type { Writable } from 'node:stream';
import { type LastWrite, untilRead } from './read-apart.ts';

/** What is written is bytes that are whole lines; `reply` overtakes what other lanes have queued. */
interface Job {
  readonly pieces: readonly Uint8Array[];
  readonly reply: boolean;
  resolve(): void;
  reject(error: Error): void;
}

/** One queue of messages whose order matters to each other: the output of one call and then its result. */
export interface Lane {
  /** Resolves when the bytes are handed to the operating system; rejects when the client is gone. */
  write(pieces: readonly Uint8Array[], kind: 'output' | 'reply'): Promise<void>;
  /** Resolves when the client reads what follows apart from what this lane wrote, as far as can be told. Never rejects. */
  untilRead(signal: AbortSignal): Promise<void>;
}

/**
 * How many of stdout's bytes the client has not read: at least as many as there are, and 0 only where there are none.
 * Undefined where that cannot be told.
 */
export type CountUnread = () => number | undefined;

class Queue {
  readonly jobs: Job[] = [];
  last: LastWrite | undefined;
}

/**
 * The only writer of stdout. One message at a time, so that lines never mix and memory stays bounded by what the callers
 * await; lanes take turns, so that one firehose does not starve the others; replies go before other lanes' output.
 */
export class Writer {
  readonly #stream: Writable;
  readonly #onDead: (error: Error) => void;
  readonly #countUnread: CountUnread;
  /** Lanes with something to write, in the order in which they get their turn. */
  readonly #ready = new Set<Queue>();
  #busy = false;
  /** Bytes that the operating system has taken. */
  #taken = 0;
  #dead: Error | undefined;

  constructor(stream: Writable, onDead: (error: Error) => void, countUnread: CountUnread = () => undefined) {
    this.#stream = stream;
    this.#onDead = onDead;
    this.#countUnread = countUnread;
    stream.on('error', (error) => this.#die(error));
    stream.on('close', () => this.#die(new Error('stdout was closed')));
  }

  lane(): Lane {
    const queue = new Queue();
    return {
      write: (pieces, kind) => this.#enqueue(queue, pieces, kind === 'reply'),
      untilRead: async (signal) => {
        if (queue.last !== undefined) await untilRead(queue.last, signal);
      },
    };
  }

  #enqueue(queue: Queue, pieces: readonly Uint8Array[], reply: boolean): Promise<void> {
    if (this.#dead !== undefined) return Promise.reject(this.#dead);
    return new Promise((resolve, reject) => {
      const taken = (): void => {
        queue.last = this.#lastWrite();
        resolve();
      };
      queue.jobs.push({ pieces, reply, resolve: taken, reject });
      this.#ready.add(queue);
      this.#writeNext();
    });
  }

  #writeNext(): void {
    if (this.#busy || this.#dead !== undefined) return;
    const job = this.#take();
    if (job === undefined) return;
    this.#busy = true;
    this.#writePieces(job);
  }

  /** The next job: a reply that is first in its lane, else the lane whose turn it is, which then goes to the back. */
  #take(): Job | undefined {
    const [first] = this.#ready;
    const queue = [...this.#ready].find((one) => one.jobs[0]?.reply === true) ?? first;
    if (queue === undefined) return undefined;
    const job = queue.jobs.shift();
    this.#ready.delete(queue);
    if (queue.jobs.length > 0) this.#ready.add(queue);
    return job;
  }

  #writePieces(job: Job): void {
    const last = job.pieces.length - 1;
    this.#stream.cork();
    for (const [index, piece] of job.pieces.entries()) {
      this.#stream.write(piece, index === last ? (error) => this.#written(job, error) : undefined);
    }
    this.#stream.uncork();
  }

  #written(job: Job, error: Error | null | undefined): void {
    this.#busy = false;
    if (error) {
      job.reject(error);
      this.#die(error);
      return;
    }
    this.#taken += job.pieces.reduce((sum, piece) => sum + piece.length, 0);
    job.resolve();
    this.#writeNext();
  }

  #lastWrite(): LastWrite {
    const end = this.#taken;
    return { at: performance.now(), isRead: () => this.#isRead(end) };
  }

  /** Whether the client has read up to `end`: as it reads in order, what is unread then came later. */
  #isRead(end: number): boolean | undefined {
    if (this.#dead !== undefined) return true;
    const unread = this.#countUnread();
    return unread === undefined ? undefined : unread <= this.#taken - end;
  }

  #die(error: Error): void {
    if (this.#dead !== undefined) return;
    this.#dead = error;
    for (const queue of this.#ready) {
      for (const job of queue.jobs.splice(0)) job.reject(error);
    }
    this.#ready.clear();
    this.#onDead(error);
  }
}
