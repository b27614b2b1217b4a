import { constants } from 'node:fs';
import { type FileHandle, lstat } from 'node:fs/promises';
import { FIRST_PREV } from './chain.ts';
import { type OpenFile, writeAll } from './file.ts';
import type { AuditSink } from './sink.ts';

const { O_APPEND, O_NOCTTY, O_NOFOLLOW, O_NONBLOCK, O_WRONLY } = constants;

export async function isDevice(path: string): Promise<boolean> {
  return lstat(path).then(
    (found) => found.isCharacterDevice(),
    () => false,
  );
}

/**
 * Records on a character device such as /dev/null: written and no more. What a device was given cannot be read back, so the
 * chain begins anew at every start, and there is nothing to lock, rotate or give a mode.
 */
export async function openDeviceSink(path: string, openFile: OpenFile): Promise<AuditSink> {
  const handle = await openFile(path, O_WRONLY | O_APPEND | O_NOCTTY | O_NOFOLLOW | O_NONBLOCK, 0);
  return {
    prev: FIRST_PREV,
    append: async (lines) => {
      await writeAll(handle, Buffer.from(lines, 'utf8'));
      await flush(handle);
    },
    close: () => handle.close(),
  };
}

/** Most devices have nothing to flush and say EINVAL. */
async function flush(handle: FileHandle): Promise<void> {
  try {
    await handle.datasync();
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EINVAL')) throw error;
  }
}
