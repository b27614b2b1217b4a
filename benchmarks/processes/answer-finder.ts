const NEWLINE = 0x0a;
/** As far into a line as it takes to tell a notification from an answer. */
const HEAD_BYTES = 80;
const NOTIFICATION = '"method":"notifications/';

/**
 * Finds the answer in a server's stdout at the cost of one search a read: with one request at a time its answer is the
 * last line, so only the end of what was read is looked at. Notifications are dropped unparsed, as `cat > /dev/null`
 * would.
 */
export class AnswerFinder {
  /** The unfinished last line: its beginning, and all of it unless it is a notification. */
  #head = '';
  #pieces: Buffer[] = [];

  /** The answer's line, if this read completed it. */
  take(read: Buffer): Buffer | undefined {
    const last = read.lastIndexOf(NEWLINE);
    if (last < read.length - 1) {
      if (last >= 0) this.#clear();
      this.#append(read.subarray(last + 1));
      return undefined;
    }
    return this.#complete(read, last);
  }

  #complete(read: Buffer, end: number): Buffer | undefined {
    const before = end === 0 ? -1 : read.lastIndexOf(NEWLINE, end - 1);
    if (before >= 0) this.#clear();
    this.#append(read.subarray(before + 1, end));
    const line = this.#isNotification ? undefined : Buffer.concat(this.#pieces);
    this.#clear();
    return line;
  }

  get #isNotification(): boolean {
    return this.#head.includes(NOTIFICATION);
  }

  /** A read's memory is its own, so that pieces can be kept as they are. */
  #append(piece: Buffer): void {
    const missing = HEAD_BYTES - this.#head.length;
    if (missing > 0) this.#head += piece.toString('latin1', 0, missing);
    if (this.#isNotification) this.#pieces = [];
    else this.#pieces.push(piece);
  }

  #clear(): void {
    this.#head = '';
    this.#pieces = [];
  }
}
