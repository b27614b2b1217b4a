import { type Channel, type Demuxer, MIN_OUT_BYTES, STATE, STATUS } from '../../src/frames/demuxer.ts';

/** A chunk as a client reads it from a notification. */
export interface Chunk {
  readonly channel: Channel;
  readonly message: string;
  readonly seq: number;
  readonly offset: number;
  readonly bytes: number;
  readonly progress: number;
}

interface Notification {
  readonly jsonrpc: string;
  readonly method: string;
  readonly params: {
    readonly progressToken: string | number;
    readonly message: string;
    readonly progress: number;
    readonly _meta: { readonly 'mcp-docker-exec/chunk': Omit<Chunk, 'message' | 'progress'> };
  };
}

export interface Plan {
  /** Sizes of the reads, used in turn. */
  readonly reads: readonly number[];
  /** Which reads are followed by a flush, used in turn. */
  readonly flushes: readonly boolean[];
  readonly outBytes: number;
}

export const AT_ONCE: Plan = { reads: [1 << 30], flushes: [false], outBytes: 1 << 20 };

export interface Driven {
  /** Everything written to `out`, as it would go to the client. */
  readonly lines: string;
  readonly chunks: readonly Chunk[];
  readonly state: readonly number[];
  /** `state` after each push. */
  readonly states: readonly (readonly number[])[];
}

/** Does with a demuxer what a worker does with it: reads, hands on full buffers, flushes, finishes. */
export function drive(demuxer: Demuxer, input: Uint8Array, plan: Plan = AT_ONCE): Driven {
  const driver = new Driver(demuxer, plan.outBytes);
  let at = 0;
  for (let read = 0; at < input.length; read++) {
    const end = Math.min(input.length, at + (plan.reads[read % plan.reads.length] ?? 1));
    driver.read(input, at, end);
    if (plan.flushes[read % plan.flushes.length]) driver.flush();
    at = end;
  }
  return driver.finish();
}

export function toChunks(lines: string): Chunk[] {
  return lines.split('\n').slice(0, -1).map(toChunk);
}

function toChunk(line: string): Chunk {
  const { params }: Notification = JSON.parse(line);
  return { message: params.message, progress: params.progress, ...params._meta['mcp-docker-exec/chunk'] };
}

class Driver {
  readonly #demuxer: Demuxer;
  #out: Uint8Array;
  #end = 0;
  #lines = '';
  readonly #states: (readonly number[])[] = [];

  constructor(demuxer: Demuxer, outBytes: number) {
    this.#demuxer = demuxer;
    this.#out = new Uint8Array(outBytes);
  }

  read(input: Uint8Array, start: number, end: number): void {
    for (let at = start; at < end; ) {
      const taken = this.#demuxer.push(input, at, end, this.#out, this.#end);
      this.#end = this.#figure(STATE.outEnd);
      this.#states.push([...this.#demuxer.state]);
      at += taken;
      if (at < end) this.#handOnFull();
    }
  }

  #handOnFull(): void {
    if (this.#figure(STATE.chunkOpen) !== 0) throw new Error('A full buffer has an open chunk');
    if (this.#end === 0) throw new Error('Nothing was taken with an empty buffer');
    if (this.#figure(STATE.status) !== STATUS.open) throw new Error('Input is refused after the end');
    this.#handOn();
  }

  flush(): void {
    this.#end = this.#demuxer.flush(this.#out, this.#end);
    this.#handOn();
  }

  #handOn(): void {
    this.#lines += Buffer.from(this.#out.subarray(0, this.#end)).toString('utf8');
    this.#out = new Uint8Array(this.#out.length);
    this.#end = 0;
  }

  finish(): Driven {
    if (this.#out.length - this.#end < MIN_OUT_BYTES) this.flush();
    this.#end = this.#demuxer.finish(this.#out, this.#end);
    this.#handOn();
    const lines = this.#lines;
    return { lines, chunks: toChunks(lines), state: [...this.#demuxer.state], states: this.#states };
  }

  #figure(index: number): number {
    return this.#demuxer.state[index] ?? Number.NaN;
  }
}
