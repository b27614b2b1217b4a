/** Bytes on each side of a cut that tell whether it goes through a character. */
export const CUT_CONTEXT = 3;

/** `bytes`, or a larger copy of it: at least `wanted` long, never longer than `most`, in steps that double. */
function grown(bytes: Uint8Array, wanted: number, most: number): Uint8Array {
  if (wanted <= bytes.length) return bytes;
  const larger = new Uint8Array(Math.min(most, Math.max(wanted, 2 * bytes.length)));
  larger.set(bytes);
  return larger;
}

/** The first and the last bytes of one channel, in storage that grows with what came. */
export class HeadAndTail {
  readonly #capacity: number;
  #head: Uint8Array = new Uint8Array();
  #headSize = 0;
  /** Byte k behind the head stands at index k % #capacity. */
  #tail: Uint8Array = new Uint8Array();
  total = 0;

  /** `reach`: how many bytes of each end a cut may ask for. */
  constructor(reach: number) {
    this.#capacity = reach + CUT_CONTEXT;
  }

  append(input: Uint8Array, start: number, end: number): void {
    this.total += end - start;
    const rest = this.#fillHead(input, start, end);
    if (rest < end) this.#appendTail(input.subarray(rest, end));
  }

  #fillHead(input: Uint8Array, start: number, end: number): number {
    const taken = Math.min(this.#capacity - this.#headSize, end - start);
    this.#head = grown(this.#head, this.#headSize + taken, this.#capacity);
    this.#head.set(input.subarray(start, start + taken), this.#headSize);
    this.#headSize += taken;
    return start + taken;
  }

  #appendTail(bytes: Uint8Array): void {
    // Whatever the same call would overwrite again is skipped.
    const last = bytes.subarray(Math.max(0, bytes.length - this.#capacity));
    let position = this.total - this.#headSize - last.length;
    this.#tail = grown(this.#tail, Math.min(this.#capacity, position + last.length), this.#capacity);
    for (let used = 0; used < last.length; ) {
      const index = position % this.#capacity;
      const piece = last.subarray(used, used + this.#capacity - index);
      this.#tail.set(piece, index);
      used += piece.length;
      position += piece.length;
    }
  }

  /** Bytes `[from, to)` of the channel; they must be stored. */
  copy(from: number, to: number): Uint8Array {
    const bytes = new Uint8Array(to - from);
    for (let at = from; at < to; ) {
      const piece = this.#storedAt(at).subarray(0, to - at);
      bytes.set(piece, at - from);
      at += piece.length;
    }
    return bytes;
  }

  #storedAt(offset: number): Uint8Array {
    if (offset < this.#headSize) return this.#head.subarray(offset, this.#headSize);
    return this.#tail.subarray((offset - this.#headSize) % this.#capacity);
  }

  release(): void {
    this.#head = new Uint8Array();
    this.#tail = new Uint8Array();
  }
}
