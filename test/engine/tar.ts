/** One member of a tar archive; uid and gid are numbers, so that no machine's user names get in. */
export interface TarEntry {
  readonly path: string;
  readonly mode: number;
  readonly uid?: number;
  readonly gid?: number;
  readonly kind: 'file' | 'directory' | 'symlink';
  /** A file's bytes. */
  readonly content?: Uint8Array;
  /** A symlink's target. */
  readonly target?: string;
}

const BLOCK = 512;
const TYPE_FLAGS = { file: '0', symlink: '2', directory: '5' } as const;

/** A POSIX ustar archive of the entries, in their order. Paths and link targets hold at most 99 bytes. */
export function tar(entries: readonly TarEntry[]): Buffer {
  return Buffer.concat([...entries.flatMap(member), Buffer.alloc(2 * BLOCK)]);
}

function member(entry: TarEntry): Buffer[] {
  const content = Buffer.from(entry.content ?? []);
  return [header(entry, content.length), content, Buffer.alloc(-content.length & (BLOCK - 1))];
}

function header(entry: TarEntry, size: number): Buffer {
  const block = Buffer.alloc(BLOCK);
  text(block, 0, entry.path);
  octal(block, 100, 8, entry.mode);
  octal(block, 108, 8, entry.uid ?? 0);
  octal(block, 116, 8, entry.gid ?? 0);
  octal(block, 124, 12, size);
  octal(block, 136, 12, 0);
  block.fill(' ', 148, 156);
  block.write(TYPE_FLAGS[entry.kind], 156);
  text(block, 157, entry.target ?? '');
  block.write('ustar\0', 257);
  block.write('00', 263);
  octal(block, 148, 8, checksum(block));
  return block;
}

function text(block: Buffer, offset: number, value: string): void {
  if (Buffer.byteLength(value) > 99) throw new RangeError(`tar: at most 99 bytes of path, given ${value}`);
  block.write(value, offset);
}

function octal(block: Buffer, offset: number, width: number, value: number): void {
  block.write(`${value.toString(8).padStart(width - 1, '0')}\0`, offset);
}

function checksum(block: Buffer): number {
  return block.reduce((sum, byte) => sum + byte, 0);
}
