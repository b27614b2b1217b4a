import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';

/** As `open` of node:fs/promises; a test hands in one whose files fail. */
export type OpenFile = (path: string, flags: number, mode: number) => Promise<FileHandle>;

export const openOnDisk: OpenFile = open;

export interface AuditFile {
  /** Appends and flushes; on failure nothing of `text` stays in the file. */
  readonly append: (text: string) => Promise<void>;
  readonly handle: FileHandle;
}

const { O_APPEND, O_CREAT, O_NOFOLLOW, O_NONBLOCK, O_RDWR } = constants;

/**
 * Opens the audit file for appending, creates it where there is none, and gives it mode 0600. Throws on a symbolic
 * link and on anything that is not a regular file.
 */
export async function openAuditFile(path: string, openFile: OpenFile): Promise<AuditFile> {
  const handle = await openFile(path, O_RDWR | O_APPEND | O_CREAT | O_NOFOLLOW | O_NONBLOCK, 0o600);
  try {
    if (!(await handle.stat()).isFile()) throw new Error('it is not a regular file');
    await handle.chmod(0o600);
    return { handle, append: createAppend(handle) };
  } catch (error) {
    await handle.close();
    throw error;
  }
}

function createAppend(handle: FileHandle): AuditFile['append'] {
  /** Where a failed write began that could not be taken back yet. */
  let dirtyFrom: number | undefined;
  const takeBack = async (): Promise<void> => {
    if (dirtyFrom === undefined) return;
    await handle.truncate(dirtyFrom);
    dirtyFrom = undefined;
  };
  return async (text) => {
    await takeBack();
    dirtyFrom = (await handle.stat()).size;
    try {
      await writeAll(handle, Buffer.from(text, 'utf8'));
      await handle.datasync();
      dirtyFrom = undefined;
    } catch (error) {
      await takeBack().catch(() => undefined);
      throw error;
    }
  };
}

/** A disk that fills up takes a part of a write and fails on the next. */
export async function writeAll(handle: FileHandle, bytes: Buffer): Promise<void> {
  let done = 0;
  while (done < bytes.length) done += (await handle.write(bytes, done, bytes.length - done)).bytesWritten;
}
