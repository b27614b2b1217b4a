import { createHash } from 'node:crypto';
import { asEscapes } from '../../display/escapes.ts';
import type { AuditRecord } from './record.ts';

/** What stands for the hash before the first record. */
export const FIRST_PREV = '0'.repeat(64);

const HASH_FIELD = ',"hash":';
const SEAL = /,"prev":"([0-9a-f]{64})","hash":"([0-9a-f]{64})"\}$/;
/** Characters JSON leaves as they are although a terminal or a line reader acts on them: DEL, C1, U+2028 and 9, bidi, tags. */
const UNPRINTABLE = /[\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]|\udb40[\udc00-\udc7f]/g;

export interface Sealed {
  /** One line of JSON with its newline. */
  readonly line: string;
  readonly hash: string;
}

/** Ends a record with `prev` and `hash`: SHA-256 (hex) over the line's UTF-8 text before `,"hash":`. */
export function seal(record: AuditRecord, prev: string): Sealed {
  const text = JSON.stringify({ ...record, prev })
    .slice(0, -1)
    .replace(UNPRINTABLE, asEscapes);
  const hash = sha256(text);
  return { line: `${text}${HASH_FIELD}"${hash}"}\n`, hash };
}

/** The `prev` and `hash` a line states, or undefined where it does not end like a record. */
export function statedHashes(line: string): { readonly prev: string; readonly hash: string } | undefined {
  const [, prev, hash] = SEAL.exec(line) ?? [];
  return prev === undefined || hash === undefined ? undefined : { prev, hash };
}

/** The hash a line should state. */
export function actualHash(line: string): string {
  return sha256(line.slice(0, line.lastIndexOf(HASH_FIELD)));
}

function sha256(text: string): string {
  return createHash('sha256').update(text, 'utf8').digest('hex');
}
