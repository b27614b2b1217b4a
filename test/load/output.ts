import { createHash } from 'node:crypto';
import { expect } from 'vitest';
import type { Channel } from '../e2e/chunk-order.ts';
import type { TestContainer } from '../engine/containers.ts';
import type { Delivered } from './stream-hash.ts';

const BLOCK_BYTES = 4 * 1024 * 1024;

/** Numbered lines, so that no part can be lost or moved unseen within a block; and what is hard to cut, escape and count. */
const LINES: Readonly<Record<Channel, (index: number) => string>> = {
  stdout: (index) => `${index} plain text, "quoted" \\ and a tab\t, as most output is: ${'.'.repeat(index % 97)}\n`,
  stderr: (index) => `\u001b[3${index % 8}m${index}\u001b[0m ä 漢字 😀 ${'é'.repeat(index % 61)}\r\n`,
};

function block(channel: Channel): Buffer {
  const lines: Buffer[] = [];
  for (let bytes = 0, index = 0; bytes < BLOCK_BYTES; index += 1) {
    const line = Buffer.from(LINES[channel](index));
    lines.push(line);
    bytes += line.length;
  }
  return Buffer.concat(lines);
}

/** A large output that is known to the byte: a block a channel, written over and over, both channels at once. */
export class LargeOutput {
  readonly #blocks = { stdout: block('stdout'), stderr: block('stderr') };
  readonly #times: number;

  /** About `bytes` bytes, both channels together. */
  constructor(bytes: number) {
    this.#times = Math.ceil(bytes / (2 * BLOCK_BYTES));
  }

  /** Shell script that writes it, and counts what a channel has in `/tmp/CHANNEL.N`; needs the files of `install`. */
  get script(): string {
    const write = (channel: Channel) =>
      `{ i=0; while [ $i -lt ${this.#times} ]; do cat /tmp/${channel}; i=$((i+1)); : > /tmp/${channel}.$i; done; }`;
    return `${write('stderr')} >&2 & ${write('stdout')}; wait`;
  }

  /** The file that stands in the container once all of stdout but its last block is written. */
  get nearlyWritten(): string {
    return `/tmp/stdout.${this.#times - 1}`;
  }

  async install(box: TestContainer): Promise<void> {
    for (const [channel, input] of Object.entries(this.#blocks)) {
      const { code } = await box.exec(['sh', '-c', `cat > /tmp/${channel}`], { flags: ['-i'], input });
      expect(code).toBe(0);
    }
  }

  /** What a channel has to deliver, behind `before`. */
  of(channel: Channel, before = ''): Delivered {
    const hash = createHash('sha256').update(before);
    for (let time = 0; time < this.#times; time += 1) hash.update(this.#blocks[channel]);
    return { bytes: before.length + this.bytes(channel), sha256: hash.digest('hex') };
  }

  bytes(channel: Channel): number {
    return this.#blocks[channel].length * this.#times;
  }

  /** The first `head` and the last `tail` bytes of a channel; neither may be longer than a block. */
  ends(channel: Channel, head: number, tail: number): [Buffer, Buffer] {
    const bytes = this.#blocks[channel];
    return [bytes.subarray(0, head), bytes.subarray(bytes.length - tail)];
  }

  /** Lines of both channels. */
  get lines(): number {
    const newlines = (bytes: Buffer): number => bytes.reduce((sum, byte) => sum + (byte === 0x0a ? 1 : 0), 0);
    return (newlines(this.#blocks.stdout) + newlines(this.#blocks.stderr)) * this.#times;
  }
}
