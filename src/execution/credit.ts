/** Room for many chunks per write, small enough that six per run stay cheap. */
const BUFFER_BYTES = 262_144;
const BUFFERS_PER_RUN = 6;

/**
 * The buffers a run may fill before the client has read: they travel to main, are written, and come back. Having none
 * left is the back-pressure.
 */
export class Credit {
  readonly #free: ArrayBuffer[] = [];
  #unmade = BUFFERS_PER_RUN;

  /** A buffer to fill, or undefined until one comes back. */
  take(): Uint8Array<ArrayBuffer> | undefined {
    const free = this.#free.pop();
    if (free !== undefined) return new Uint8Array(free);
    if (this.#unmade === 0) return undefined;
    this.#unmade -= 1;
    return new Uint8Array(BUFFER_BYTES);
  }

  giveBack(buffer: ArrayBuffer): void {
    this.#free.push(buffer);
  }
}
