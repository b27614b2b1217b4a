import { open } from 'node:fs/promises';
import { actualHash, FIRST_PREV, statedHashes } from './chain.ts';
import { rotatedFiles } from './rotation.ts';

/** `torn`: not a whole record. `edited`: its text does not match its hash. `unlinked`: the record before is not the one it followed. */
export type Fault = 'torn' | 'edited' | 'unlinked';

export type Verification =
  /** Records cut off at the end leave no trace in the chain: compare `lastHash` with one kept elsewhere. */
  | { readonly ok: true; readonly records: number; readonly lastHash: string }
  /** `line` counts from 1 over all lines given; `prev` is the hash it says it follows, '' where it is torn. */
  | { readonly ok: false; readonly line: number; readonly fault: Fault; readonly prev: string };

/** Where a line stands. */
export interface Place {
  readonly path: string;
  /** From 1 in each file. */
  readonly line: number;
}

/**
 * Finds the first record that was edited, removed, moved or torn. `prev` is the hash the first one must follow; null
 * takes what it states, for files whose forerunners retention has deleted.
 */
export async function verifyAuditText(
  lines: AsyncIterable<string> | Iterable<string>,
  prev: string | null = FIRST_PREV,
): Promise<Verification> {
  let expected = prev;
  let line = 0;
  for await (const text of lines) {
    line += 1;
    const fault = faultOf(text, expected);
    if (fault !== undefined) return { ok: false, line, fault, prev: statedHashes(text)?.prev ?? '' };
    expected = statedHashes(text)?.hash ?? null;
  }
  return { ok: true, records: line, lastHash: expected ?? FIRST_PREV };
}

/** The lines of an audit file and, before them, of its rotated files. Throws where one cannot be read. `reached` hears of each line before it is yielded. */
export async function* readAuditLines(path: string, reached?: (place: Place) => void): AsyncGenerator<string> {
  const paths = [...(await rotatedFiles(path)).map((file) => file.path), path];
  for (const one of paths) {
    let line = 0;
    const handle = await open(one);
    try {
      // A folder would be an error that nobody can catch, of the stream inside.
      if (!(await handle.stat()).isFile()) throw new Error(`${one} is not a regular file`);
      for await (const text of handle.readLines({ autoClose: false })) {
        line += 1;
        reached?.({ path: one, line });
        yield text;
      }
    } finally {
      await handle.close();
    }
  }
}

function faultOf(line: string, expectedPrev: string | null): Fault | undefined {
  const stated = statedHashes(line);
  if (stated === undefined || !isJson(line)) return 'torn';
  if (actualHash(line) !== stated.hash) return 'edited';
  return expectedPrev === null || stated.prev === expectedPrev ? undefined : 'unlinked';
}

function isJson(line: string): boolean {
  try {
    JSON.parse(line);
    return true;
  } catch {
    return false;
  }
}
