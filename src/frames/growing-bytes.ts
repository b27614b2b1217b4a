/** Bytes collected from many pieces, in storage that doubles: as cheap for tiny pieces as for large ones. */
export class GrowingBytes {
  #storage: Uint8Array = new Uint8Array();
  #size = 0;

  get size(): number {
    return this.#size;
  }

  append(bytes: Uint8Array): void {
    const size = this.#size + bytes.length;
    if (size > this.#storage.length) {
      const larger = new Uint8Array(Math.max(size, 2 * this.#storage.length));
      larger.set(this.bytes());
      this.#storage = larger;
    }
    this.#storage.set(bytes, this.#size);
    this.#size = size;
  }

  /** What was collected; valid until the next change. */
  bytes(): Uint8Array {
    return this.#storage.subarray(0, this.#size);
  }

  /** Forgets all of it and gives the storage back. */
  clear(): void {
    this.#storage = new Uint8Array();
    this.#size = 0;
  }
}
