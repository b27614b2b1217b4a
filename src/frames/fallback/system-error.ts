const MAX_BYTES = 4096;

/** Collects the text of the engine's error frame, as much of it as is shown. */
export class SystemErrorText {
  readonly #bytes = new Uint8Array(MAX_BYTES);
  #size = 0;

  append(input: Uint8Array, start: number, end: number): void {
    const taken = Math.min(end - start, MAX_BYTES - this.#size);
    this.#bytes.set(input.subarray(start, start + taken), this.#size);
    this.#size += taken;
  }

  get isFull(): boolean {
    return this.#size === MAX_BYTES;
  }

  toString(): string {
    return new TextDecoder('utf-8', { ignoreBOM: true }).decode(this.#bytes.subarray(0, this.#size));
  }
}
