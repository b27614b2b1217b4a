import { randomUUID } from 'node:crypto';
import { mkdir, open, readFile, realpath, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

function unlessMissing<Fallback>(fallback: Fallback): (thrown: unknown) => Fallback {
  return (thrown) => {
    if (thrown instanceof Error && 'code' in thrown && thrown.code === 'ENOENT') return fallback;
    throw thrown;
  };
}

/** The file's text; the empty one where there is no file. */
export function readTextOrEmpty(path: string): Promise<string> {
  return readFile(path, 'utf8').catch(unlessMissing(''));
}

async function writeDurably(path: string, text: string, mode: number | undefined): Promise<void> {
  const file = await open(path, 'wx', mode);
  try {
    if (mode !== undefined) await file.chmod(mode);
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
}

/**
 * Makes `text` the file's whole content at once: who reads it meanwhile sees the old text or the new. A link stays a link, and
 * permissions stay. Folders that are missing are made.
 */
export async function replaceText(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const target = await realpath(path).catch(unlessMissing(path));
  const mode = await stat(target).then((facts) => facts.mode & 0o777, unlessMissing(undefined));
  const draft = join(dirname(target), `.${basename(target)}.${randomUUID()}`);
  try {
    await writeDurably(draft, text, mode);
    await rename(draft, target);
  } catch (thrown) {
    await rm(draft, { force: true });
    throw thrown;
  }
}
