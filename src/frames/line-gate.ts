import { GrowingBytes } from './growing-bytes.ts';
import { fromRfc3339, type Nanoseconds } from './rfc3339.ts';
import { timestampAt } from './timestamp.ts';

/** A longer line is decided on this much of it, so that memory stays bounded. */
const MAX_LINE_BYTES = 1_048_576;
const NEWLINE = 0x0a;
const CARRIAGE_RETURN = 0x0d;
const NOTHING = new Uint8Array();

export type Matches = (line: string) => boolean;

/** Gets bytes of a kept line, always with the line's timestamp and a space in front of them. */
export type Keep = (piece: Uint8Array) => void;

/**
 * Lets the kept lines of one channel through. Takes its bytes in any pieces, every line beginning with its timestamp and
 * a space.
 */
export class LineGate {
  readonly #matches: Matches | undefined;
  #since: Nanoseconds | undefined;
  readonly #keep: Keep;
  /** The start of the current line while it is undecided. */
  readonly #pending = new GrowingBytes();
  #decision: 'undecided' | 'pass' | 'drop' = 'undecided';
  /** The current line's timestamp and the space behind it, once it is decided. */
  #front: Uint8Array = NOTHING;
  /** The timestamp of the last line decided on that was not too early, '' before the first. */
  lastTimestamp = '';

  /** What the next lines may be too early for; undefined once one was not. */
  get since(): Nanoseconds | undefined {
    return this.#since;
  }

  /** No line has begun. */
  get idle(): boolean {
    return this.#decision === 'undecided' && this.#pending.size === 0;
  }

  /** Keeps lines that match (undefined: any) and are not before `since` (undefined: whenever). */
  constructor(matches: Matches | undefined, since: Nanoseconds | undefined, keep: Keep) {
    this.#matches = matches;
    this.#since = since;
    this.#keep = keep;
  }

  take(bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length; ) {
      const newline = bytes.indexOf(NEWLINE, at);
      const end = newline === -1 ? bytes.length : newline + 1;
      this.#takePiece(bytes.subarray(at, end), newline !== -1);
      if (newline !== -1) this.finish();
      at = end;
    }
  }

  /** The current line has ended. */
  finish(): void {
    if (this.#decision === 'undecided' && this.#pending.size > 0) this.#decide(this.#pending.bytes());
    this.#decision = 'undecided';
    this.#pending.clear();
  }

  #takePiece(piece: Uint8Array, endsLine: boolean): void {
    if (this.#decision === 'pass') this.#keep(Buffer.concat([this.#front, piece]));
    if (this.#decision !== 'undecided') return;
    // The usual case, a line in one piece, is not copied.
    if (endsLine && this.#pending.size === 0) this.#decide(piece);
    else this.#collect(piece);
  }

  #collect(piece: Uint8Array): void {
    this.#pending.append(piece);
    if (this.#pending.size <= MAX_LINE_BYTES) return;
    this.#decide(this.#pending.bytes());
    this.#pending.clear();
  }

  #decide(line: Uint8Array): void {
    const stamp = timestampAt(line, 0, line.length);
    this.#front = stamp === '' ? NOTHING : line.slice(0, stamp.length + 1);
    this.#decision = !this.#isEarly(stamp) && this.#isMatch(line) ? 'pass' : 'drop';
    if (this.#decision === 'pass') this.#keep(line);
  }

  /** Timestamps ascend within a channel: the first line that is not too early settles it for the rest. */
  #isEarly(stamp: string): boolean {
    if (stamp === '') return false;
    if (this.#since !== undefined && isBefore(stamp, this.#since)) return true;
    this.#since = undefined;
    this.lastTimestamp = stamp;
    return false;
  }

  #isMatch(line: Uint8Array): boolean {
    if (this.#matches === undefined) return true;
    return this.#matches(text(line.subarray(this.#front.length, this.#front.length + MAX_LINE_BYTES)));
  }
}

function isBefore(stamp: string, since: Nanoseconds): boolean {
  const time = fromRfc3339(stamp);
  return time !== undefined && time < since;
}

/** A line as text, without its ending; bytes that are not UTF-8 become U+FFFD. */
function text(line: Uint8Array): string {
  let end = line.length;
  if (line[end - 1] === NEWLINE) end--;
  if (line[end - 1] === CARRIAGE_RETURN) end--;
  return Buffer.from(line.buffer, line.byteOffset, end).toString('utf8');
}
