/** A caller's buffer being filled: `end` is where the next byte goes. */
export class Output {
  readonly bytes: Uint8Array;
  end: number;

  constructor(bytes: Uint8Array, end: number) {
    this.bytes = bytes;
    this.end = end;
  }

  get room(): number {
    return this.bytes.length - this.end;
  }

  append(bytes: Uint8Array): void {
    this.bytes.set(bytes, this.end);
    this.end += bytes.length;
  }
}
