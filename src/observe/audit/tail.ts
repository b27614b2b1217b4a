import { type FileHandle, open } from 'node:fs/promises';

const BLOCK_BYTES = 65_536;
const NEWLINE = 0x0a;

export interface Tail {
  /** The last line that ends with a newline, without it; '' where there is none. */
  readonly lastLine: string;
  /** Where the whole lines end. Behind it stands what a crash left of a line. */
  readonly wholeBytes: number;
  readonly torn: Buffer;
}

/** Reads the end of a file, however long its last lines are. */
export async function readTail(handle: FileHandle): Promise<Tail> {
  const { size } = await handle.stat();
  let start = size;
  let end = Buffer.alloc(0);
  while (start > 0 && lineStarts(end) < 2) {
    const block = await readBlock(handle, Math.max(0, start - BLOCK_BYTES), Math.min(start, BLOCK_BYTES));
    start = Math.max(0, start - BLOCK_BYTES);
    end = Buffer.concat([block, end]);
  }
  return split(end, start);
}

/** Cuts a torn line off and keeps it beside the file; returns the copy's path, or undefined where nothing was torn. */
export async function mendTail(handle: FileHandle, tail: Tail, copyPath: string): Promise<string | undefined> {
  if (tail.torn.length === 0) return undefined;
  const copy = await open(copyPath, 'wx', 0o600);
  try {
    await copy.writeFile(tail.torn);
    await copy.sync();
  } finally {
    await copy.close();
  }
  await handle.truncate(tail.wholeBytes);
  await handle.sync();
  return copyPath;
}

function split(end: Buffer, start: number): Tail {
  const whole = end.lastIndexOf(NEWLINE) + 1;
  const line = whole < 2 ? Buffer.alloc(0) : end.subarray(end.lastIndexOf(NEWLINE, whole - 2) + 1, whole - 1);
  return { lastLine: line.toString('utf8'), wholeBytes: start + whole, torn: end.subarray(whole) };
}

function lineStarts(bytes: Buffer): number {
  const last = bytes.lastIndexOf(NEWLINE);
  if (last < 0) return 0;
  return last > 0 && bytes.lastIndexOf(NEWLINE, last - 1) >= 0 ? 2 : 1;
}

async function readBlock(handle: FileHandle, position: number, length: number): Promise<Buffer> {
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(length), 0, length, position);
  return buffer.subarray(0, bytesRead);
}
