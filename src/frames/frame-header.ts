import type { Channel } from './demuxer.ts';

/** Stream types of Docker's 8-byte frame headers: type, three zero bytes, payload length as big-endian uint32. */
export const FRAME_TYPE = { stdin: 0, stdout: 1, stderr: 2, systemError: 3 } as const;

export const HEADER_BYTES = 8;

/** The channel of a frame's type; undefined for what is no output. */
export function channelOf(type: number): Channel | undefined {
  if (type === FRAME_TYPE.stderr) return 'stderr';
  return type < FRAME_TYPE.stderr ? 'stdout' : undefined;
}

/** Collects a frame header that may come in any number of pieces. */
export class FrameHeader {
  readonly #bytes = new Uint8Array(HEADER_BYTES);
  readonly #view = new DataView(this.#bytes.buffer);
  #size = 0;

  /** Takes the header's missing bytes from `input[start, end)`; returns how many. */
  take(input: Uint8Array, start: number, end: number): number {
    const taken = Math.min(HEADER_BYTES - this.#size, end - start);
    this.#bytes.set(input.subarray(start, start + taken), this.#size);
    this.#size += taken;
    return taken;
  }

  /** Whether it stands between two frames. */
  get empty(): boolean {
    return this.#size === 0;
  }

  get complete(): boolean {
    return this.#size === HEADER_BYTES;
  }

  /** As it stands in the header, known or not. */
  get type(): number {
    return this.#view.getUint8(0);
  }

  /** Size of the payload, up to 2^32-1. */
  get payload(): number {
    return this.#view.getUint32(4);
  }

  /** A copy of what has come so far. */
  toBytes(): Uint8Array {
    return this.#bytes.slice(0, this.#size);
  }

  /** Makes place for the next header. */
  clear(): void {
    this.#size = 0;
  }
}
