import { open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { FIRST_PREV, statedHashes } from './chain.ts';
import { type AuditFile, type OpenFile, openAuditFile } from './file.ts';
import { acquireLock } from './lock.ts';
import { deleteExpired, rotate, rotatedFiles, syncDirectory } from './rotation.ts';
import { mendTail, readTail } from './tail.ts';

/** Where sealed lines go. */
export interface AuditSink {
  /** The hash that the next record follows. */
  readonly prev: string;
  /** Resolves when all of `lines` is flushed; rejects when none of it is there. `day` is their UTC day. */
  readonly append: (lines: string, day: string) => Promise<void>;
  readonly close: () => Promise<void>;
}

export interface FileSinkOptions {
  readonly retentionDays: number;
  readonly now: () => Date;
  readonly openFile: OpenFile;
  readonly warn: (message: string, cause?: unknown) => void;
}

/**
 * Opens the audit file and goes on where it ends. Throws where it is no regular file, cannot be written, is in use by
 * another server, or does not end with an audit record.
 */
export async function openFileSink(path: string, options: FileSinkOptions): Promise<AuditSink> {
  const file = await openAuditFile(path, options.openFile);
  try {
    const release = await acquireLock(`${path}.lock`);
    try {
      return await startSink(path, file, release, options);
    } catch (error) {
      await release();
      throw error;
    }
  } catch (error) {
    await file.handle.close();
    throw error;
  }
}

async function startSink(
  path: string,
  first: AuditFile,
  release: () => Promise<void>,
  options: FileSinkOptions,
): Promise<AuditSink> {
  const last = await lastRecord(path, first, options);
  const today = options.now().toISOString().slice(0, 10);
  let file: AuditFile | undefined = first;
  let day: string | undefined = last.day;
  await syncDirectory(dirname(path));
  await expire(path, today, options);

  const createFile = async (): Promise<AuditFile> => {
    const created = await openAuditFile(path, options.openFile);
    await syncDirectory(dirname(path));
    return created;
  };
  const rotateTo = async (next: string): Promise<void> => {
    if (day === undefined || next <= day) return;
    await file?.handle.close();
    file = undefined;
    await rotate(path, day);
    day = undefined;
    await expire(path, next, options);
  };

  return {
    prev: last.hash,
    append: async (lines, lineDay) => {
      await rotateTo(lineDay);
      file ??= await createFile();
      await file.append(lines);
      day ??= lineDay;
    },
    close: async () => {
      await file?.handle.close();
      await release();
    },
  };
}

/** The end of the chain so far, and the day of the file's records where it has any. */
async function lastRecord(
  path: string,
  file: AuditFile,
  { now, warn }: FileSinkOptions,
): Promise<{ hash: string; day: string | undefined }> {
  const tail = await readTail(file.handle);
  const copy = await mendTail(file.handle, tail, `${path}.torn-${now().toISOString().replaceAll(':', '')}`);
  if (copy !== undefined) warn(`The audit file ended in a torn record; it was cut off and kept in ${copy}`);
  if (tail.lastLine !== '') return { hash: hashOf(tail.lastLine, path), day: dayOf(tail.lastLine) };
  const newest = (await rotatedFiles(path)).at(-1);
  return { hash: newest === undefined ? FIRST_PREV : await lastHashIn(newest.path), day: undefined };
}

async function lastHashIn(path: string): Promise<string> {
  const handle = await open(path, 'r');
  try {
    return hashOf((await readTail(handle)).lastLine, path);
  } finally {
    await handle.close();
  }
}

function hashOf(line: string, path: string): string {
  const stated = statedHashes(line);
  if (stated === undefined) throw new Error(`the last line of ${path} is not an audit record; move that file away`);
  return stated.hash;
}

function dayOf(line: string): string {
  return /^\{"ts":"(\d{4}-\d\d-\d\d)T/.exec(line)?.[1] ?? '';
}

/** An old file that cannot be deleted is no reason to refuse calls. */
async function expire(path: string, today: string, { retentionDays, warn }: FileSinkOptions): Promise<void> {
  await deleteExpired(path, today, retentionDays).catch((error: unknown) => {
    warn('Old audit files could not be deleted', error);
  });
}
