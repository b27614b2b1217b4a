import type { Channel, KeptOutput } from '../../src/frames/demuxer.ts';
import type { Chunk } from './drive.ts';

const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

/** What a client shows for a channel's bytes. */
export function decode(raw: Uint8Array): string {
  return decoder.decode(raw);
}

/** How many U+FFFD decoding adds: those of the text that the input does not spell out itself. */
export function replacements(raw: Uint8Array): number {
  const written = decode(raw).split('\uFFFD').length - 1;
  return written - (Buffer.from(raw).toString('latin1').split('\xEF\xBF\xBD').length - 1);
}

export function joined(chunks: readonly Chunk[], channel: Channel): string {
  return chunks
    .filter((chunk) => chunk.channel === channel)
    .map((chunk) => chunk.message)
    .join('');
}

/** Faults against what the contract says of chunks' figures; none is right. */
export function faults(chunks: readonly Chunk[], chunkBytes: number): string[] {
  const ends = { stdout: 0, stderr: 0 };
  let progress = 0;
  return chunks.flatMap((chunk, index) => {
    progress += chunk.bytes;
    const wrong = {
      seq: chunk.seq !== index,
      progress: chunk.progress !== progress,
      offset: chunk.offset !== ends[chunk.channel],
      empty: chunk.bytes === 0 || chunk.message === '',
      size: Buffer.byteLength(chunk.message) > chunkBytes,
    };
    ends[chunk.channel] += chunk.bytes;
    return Object.entries(wrong)
      .filter(([, isWrong]) => isWrong)
      .map(([name]) => `chunk ${index}: ${name}`);
  });
}

/** Far more than a character has: a decoder that begins this far before a cut is in step when it gets there. */
const IN_STEP = 16;

/** Whether decoding both sides of a cut gives what decoding the whole gives. */
function isBoundary(raw: Uint8Array, at: number): boolean {
  const before = raw.subarray(Math.max(0, at - IN_STEP), at);
  const after = raw.subarray(at, at + IN_STEP);
  return decode(before) + decode(after) === decode(Buffer.concat([before, after]));
}

/** What the contract keeps of one channel that may have `allotment` raw bytes. */
export function cut(raw: Uint8Array, allotment: number): string {
  if (raw.length <= allotment) return decode(raw);
  let head = Math.floor(allotment / 2);
  let tail = raw.length - (allotment - head);
  while (!isBoundary(raw, head)) head--;
  while (!isBoundary(raw, tail)) tail++;
  const before = decode(raw.subarray(0, head));
  const separator = before === '' || before.endsWith('\n') ? '' : '\n';
  return `${before}${separator}[... ${tail - head} bytes omitted ...]\n${decode(raw.subarray(tail))}`;
}

export interface Kept {
  readonly stdout: string;
  readonly stderr: string;
  readonly truncated: boolean;
}

/** What the contract keeps of both channels within `budget` raw bytes. */
export function keep(stdout: Uint8Array, stderr: Uint8Array, budget: number): Kept {
  const half = Math.floor(budget / 2);
  const spared = stdout.length <= half ? stdout.length : Math.max(budget - half, budget - stderr.length);
  const forStderr = Math.max(half, budget - stdout.length);
  return {
    stdout: cut(stdout, spared),
    stderr: cut(stderr, forStderr),
    truncated: stdout.length + stderr.length > budget,
  };
}

/** Kept output as a client reads it. */
export function read(kept: KeptOutput): Kept {
  const text = (escaped: Uint8Array): string => JSON.parse(`"${decode(escaped)}"`);
  return { stdout: text(kept.stdout), stderr: text(kept.stderr), truncated: kept.truncated };
}
