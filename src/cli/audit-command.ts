import { type Fault, type Place, readAuditLines, verifyAuditText } from '../observe/audit/verify.ts';

export interface AuditVerification {
  readonly file: string;
  /** The hash that the first record follows, of a chain whose beginning retention has deleted. */
  readonly after: string | undefined;
}

const FAULTS: Record<Fault, string> = {
  torn: 'not a whole record: torn, or not written by the audit',
  edited: 'edited: its text does not match its hash',
  unlinked: 'it does not follow the record before: one was removed, added or moved here',
};

function atTheBeginning(prev: string): string {
  return [
    `the first record follows the hash ${prev}, and what had that hash is not here: it was removed, or retention has deleted its file.`,
    `If you know that hash for the last of a deleted file, go on with --after ${prev}`,
  ].join('\n');
}

/**
 * `audit verify`: checks the chain of a file and of its rotated files and says where it first breaks. Returns the exit code: 0
 * unbroken, 1 broken, 2 could not be read.
 */
export async function printAuditVerification(
  verification: AuditVerification,
  write: (text: string) => void,
): Promise<number> {
  try {
    return await verify(verification, write);
  } catch (thrown) {
    write(`${verification.file}: cannot be read: ${thrown instanceof Error ? thrown.message : String(thrown)}\n`);
    return 2;
  }
}

async function verify({ file, after }: AuditVerification, write: (text: string) => void): Promise<number> {
  let place: Place = { path: file, line: 0 };
  const lines = readAuditLines(file, (reached) => {
    place = reached;
  });
  const found = await verifyAuditText(lines, after);
  if (found.ok) {
    write(`${file}: ${found.records} records, the chain is unbroken; last hash ${found.lastHash}\n`);
    return 0;
  }
  const first = found.line === 1 && found.fault === 'unlinked';
  write(`${place.path}:${place.line}: ${first ? atTheBeginning(found.prev) : FAULTS[found.fault]}\n`);
  return 1;
}
