const NEWLINE = 0x0a;
/** As far into a line as it takes to tell a notification from an answer. */
const HEAD_BYTES = 80;
const NOTIFICATION = '"method":"notifications/';

/**
 * Finds the answers in a server's stdout at the cost of a look at each line's head. Notifications are dropped unparsed,
 * as `cat > /dev/null` would.
 */
export class AnswerFinder {
  /** The unfinished last line: its beginning, and all of it unless it is a notification. */
  #head = '';
  #pieces: Buffer[] = [];

  /** The lines of all answers that this read completed. */
  take(read: Buffer): Buffer[] {
    const answers: Buffer[] = [];
    let start = 0;
    for (let end = read.indexOf(NEWLINE); end >= 0; end = read.indexOf(NEWLINE, start)) {
      this.#append(read.subarray(start, end));
      if (!this.#isNotification) answers.push(Buffer.concat(this.#pieces));
      this.#clear();
      start = end + 1;
    }
    if (start < read.length) this.#append(read.subarray(start));
    return answers;
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
