import { lstat, open, readdir, rename, unlink } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

const DAY_MS = 86_400_000;

interface RotatedFile {
  readonly path: string;
  readonly day: string;
  /** 0, or the number of a further file of the same day (a clock that was set back). */
  readonly part: number;
}

/** The rotated files of an audit file, `FILE.YYYY-MM-DD` or `FILE.YYYY-MM-DD.N`, oldest first. */
export async function rotatedFiles(path: string): Promise<RotatedFile[]> {
  const prefix = `${basename(path)}.`;
  const names = (await readdir(dirname(path))).filter((name) => name.startsWith(prefix));
  const files = names.flatMap((name) => {
    const [, day, part] = /^(\d{4}-\d\d-\d\d)(?:\.(\d+))?$/.exec(name.slice(prefix.length)) ?? [];
    return day === undefined ? [] : [{ path: join(dirname(path), name), day, part: Number(part ?? 0) }];
  });
  return files.sort((a, b) => a.day.localeCompare(b.day) || a.part - b.part);
}

/**
 * Gives the file the name of its records' day; never over an older file, and never a name that sorts before the newest
 * (a clock that was set back): the names' order is the chain's.
 */
export async function rotate(path: string, day: string): Promise<void> {
  const newest = (await rotatedFiles(path)).at(-1)?.day ?? day;
  await rename(path, await freeName(`${path}.${newest > day ? newest : day}`));
}

/** Deletes rotated files of days more than `retentionDays` before `today` (YYYY-MM-DD, UTC). */
export async function deleteExpired(path: string, today: string, retentionDays: number): Promise<void> {
  const oldest = new Date(Date.parse(today) - retentionDays * DAY_MS).toISOString().slice(0, 10);
  for (const file of await rotatedFiles(path)) if (file.day < oldest) await unlink(file.path);
}

async function freeName(name: string): Promise<string> {
  for (let part = 0; ; part++) {
    const candidate = part === 0 ? name : `${name}.${part}`;
    const taken = await lstat(candidate).then(
      () => true,
      (error: unknown) => !(error instanceof Error && 'code' in error && error.code === 'ENOENT'),
    );
    if (!taken) return candidate;
  }
}

/** A new name is safe from a power cut only once its folder is flushed. */
export async function syncDirectory(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
