import type { Channel, DemuxerOptions, KeptOutput } from '../demuxer.ts';
import { base64Bytes } from './base64.ts';
import { CUT_CONTEXT, HeadAndTail } from './head-and-tail.ts';
import { JsonEscaper } from './json-escape.ts';
import { boundaryAround } from './utf8.ts';

/** Left free for the two omission marks when a budget is first cut in proportion. */
const MARKER_ROOM = 128;
const NEWLINE = 0x0a;

/** A channel's kept bytes, ready to be measured and written. */
interface Parts {
  readonly head: Uint8Array;
  readonly marker: string;
  readonly tail: Uint8Array;
}

type Kept = Readonly<Record<Channel, Parts>>;

/** What each channel may keep of `budget`: half, and what the other does not need of its own. */
function allot(budget: number, stdout: number, stderr: number): Record<Channel, number> {
  const half = Math.floor(budget / 2);
  if (stdout <= half) return { stdout, stderr: Math.min(stderr, budget - stdout) };
  if (stderr <= half) return { stdout: Math.min(stdout, budget - stderr), stderr };
  return { stdout: Math.min(stdout, budget - half), stderr: half };
}

/** Whole part of `budget * target / size`, whose product may be past what a number holds exactly. */
function inProportion(budget: number, target: number, size: number): number {
  return Number((BigInt(budget) * BigInt(target)) / BigInt(size));
}

/** Keeps what a run's result may show of both channels: all of it, or head and tail of it. */
export class Retention {
  readonly #base64: boolean;
  readonly #escaper: JsonEscaper;
  readonly #keepBytes: number;
  readonly #stores: Record<Channel, HeadAndTail>;

  constructor(options: DemuxerOptions) {
    const reach = Math.ceil(options.keepBytes / 2);
    this.#base64 = options.encoding === 'base64';
    this.#escaper = new JsonEscaper(options.sanitize);
    this.#keepBytes = options.keepBytes;
    this.#stores = { stdout: new HeadAndTail(reach), stderr: new HeadAndTail(reach) };
  }

  append(channel: Channel, input: Uint8Array, start: number, end: number): void {
    this.#stores[channel].append(input, start, end);
  }

  /** At most `keepBytes` raw bytes, and `maxEscaped` bytes of text. The storage is released: call it once. */
  take(maxEscaped: number): KeptOutput {
    const total = this.#stores.stdout.total + this.#stores.stderr.total;
    const target = Math.max(0, maxEscaped - MARKER_ROOM);
    let budget = Math.min(this.#keepBytes, total);
    let kept = this.#keptWithin(budget);
    for (let first = true; this.#measure(kept) > maxEscaped && budget > 0; first = false) {
      // The second time on a sixteenth goes at least: text that escapes unevenly would take many small cuts.
      const most = first ? budget - 1 : budget - Math.floor(budget / 16) - 1;
      budget = Math.min(most, inProportion(budget, target, this.#measure(kept)));
      kept = this.#keptWithin(budget);
    }
    const fits = this.#measure(kept) <= maxEscaped;
    for (const store of Object.values(this.#stores)) store.release();
    return {
      stdout: fits ? this.#write(kept.stdout) : new Uint8Array(),
      stderr: fits ? this.#write(kept.stderr) : new Uint8Array(),
      truncated: budget < total,
    };
  }

  #keptWithin(budget: number): Kept {
    const { stdout, stderr } = this.#stores;
    const allotted = allot(budget, stdout.total, stderr.total);
    return { stdout: this.#partsOf(stdout, allotted.stdout), stderr: this.#partsOf(stderr, allotted.stderr) };
  }

  #partsOf(store: HeadAndTail, allotment: number): Parts {
    if (store.total <= allotment) return { head: store.copy(0, store.total), marker: '', tail: new Uint8Array() };
    const half = Math.floor(allotment / 2);
    const headEnd = this.#toBoundary(store, half, 'before');
    const tailStart = this.#toBoundary(store, store.total - (allotment - half), 'after');
    const head = store.copy(0, headEnd);
    const ownLine = head.length === 0 || (!this.#base64 && head[head.length - 1] === NEWLINE);
    const marker = `${ownLine ? '' : '\\n'}[... ${tailStart - headEnd} bytes omitted ...]\\n`;
    return { head, marker, tail: store.copy(tailStart, store.total) };
  }

  #toBoundary(store: HeadAndTail, at: number, side: 'before' | 'after'): number {
    if (this.#base64) return at;
    const start = Math.max(0, at - CUT_CONTEXT);
    const window = store.copy(start, Math.min(store.total, at + CUT_CONTEXT));
    return start + boundaryAround(window, at - start)[side];
  }

  #measure(kept: Kept): number {
    let size = 0;
    for (const parts of [kept.stdout, kept.stderr]) {
      for (const piece of this.#pieces(parts)) size += piece.length;
    }
    return size;
  }

  #write(parts: Parts): Uint8Array {
    const pieces = [...this.#pieces(parts)];
    const text = new Uint8Array(pieces.reduce((size, piece) => size + piece.length, 0));
    let end = 0;
    for (const piece of pieces) {
      text.set(piece, end);
      end += piece.length;
    }
    return text;
  }

  *#pieces({ head, marker, tail }: Parts): Generator<Uint8Array> {
    yield* this.#text(head);
    yield Buffer.from(marker, 'latin1');
    yield* this.#text(tail);
  }

  #text(bytes: Uint8Array): Iterable<Uint8Array> {
    return this.#base64 ? [base64Bytes(bytes, 0, bytes.length)] : this.#escaper.escape(bytes);
  }
}
