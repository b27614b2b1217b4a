import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { actualHash, FIRST_PREV, statedHashes } from './chain.ts';
import { rotatedFiles } from './rotation.ts';

/** `torn`: not a whole record. `edited`: its text does not match its hash. `unlinked`: the record before is not the one it followed. */
export type Fault = 'torn' | 'edited' | 'unlinked';

export type Verification =
  /** Records cut off at the end leave no trace in the chain: compare `lastHash` with one kept elsewhere. */
  | { readonly ok: true; readonly records: number; readonly lastHash: string }
  /** `line` counts from 1 over all lines given. */
  | { readonly ok: false; readonly line: number; readonly fault: Fault };

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
    if (fault !== undefined) return { ok: false, line, fault };
    expected = statedHashes(text)?.hash ?? null;
  }
  return { ok: true, records: line, lastHash: expected ?? FIRST_PREV };
}

/** The lines of an audit file and, before them, of its rotated files. */
export async function* readAuditLines(path: string): AsyncGenerator<string> {
  const paths = [...(await rotatedFiles(path)).map((file) => file.path), path];
  for (const one of paths) yield* createInterface({ input: createReadStream(one, 'utf8'), crlfDelay: 0 });
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
