/** What an ended process can have left in the engine's buffers and the sockets (1.5 MB seen), with room to spare. */
const SPOOL_BYTES = 8_388_608;

/** What was read and could not be taken yet for want of credit: the rest of one read, or more of them when spooling. */
export class Backlog {
  readonly #waiting: Uint8Array[] = [];
  #bytes = 0;
  #spooling = false;
  #spooledBytes = 0;

  get empty(): boolean {
    return this.#waiting.length === 0;
  }

  /** True once more was spooled than an ended process can have left: another one goes on printing. */
  get outlived(): boolean {
    return this.#spooledBytes > SPOOL_BYTES;
  }

  /** Keeps a read; returns whether reading may go on all the same. Without `spool` the view must stay as it is. */
  keep(bytes: Uint8Array): boolean {
    this.#waiting.push(this.#spooling ? Uint8Array.from(bytes) : bytes);
    this.#bytes += bytes.length;
    if (this.#spooling) this.#spooledBytes += bytes.length;
    return this.#spooling && this.#bytes < SPOOL_BYTES;
  }

  /** From here on reads are kept in memory of their own. Returns false if they already were. */
  spool(): boolean {
    if (this.#spooling) return false;
    this.#spooling = true;
    for (const [index, view] of this.#waiting.entries()) this.#waiting[index] = Uint8Array.from(view);
    return true;
  }

  /** From here on a read that cannot be taken stops the reading again. */
  stopSpooling(): void {
    this.#spooling = false;
    this.#spooledBytes = 0;
  }

  /** Hands what waits to `take`, which returns how much of it it took; stops where that is not all. */
  drain(take: (bytes: Uint8Array) => number): void {
    for (let first = this.#waiting[0]; first !== undefined; first = this.#waiting[0]) {
      const taken = take(first);
      this.#bytes -= taken;
      if (taken < first.length) {
        this.#waiting[0] = first.subarray(taken);
        return;
      }
      this.#waiting.shift();
    }
  }

  clear(): void {
    this.#waiting.length = 0;
    this.#bytes = 0;
  }
}
