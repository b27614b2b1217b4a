import { createHash } from 'node:crypto';
import type { Delivered } from './stream-hash.ts';

/** Ends each number; several bytes a character, so that cuts must look where characters end. */
const SEPARATOR = ' ä 漢字 😀\n';
const MANY = 600_000_000;

/** By its path, since busybox's shell would run it as a process of its own name. */
export const COUNTER = '/usr/bin/seq';

/** Shell command that counts up from `first` for longer than any test lasts. */
export function counting(first: number): string {
  return `${COUNTER} -s '${SEPARATOR}' ${first} ${first + MANY}`;
}

/** The first `bytes` bytes of what it writes. */
export function counted(first: number, bytes: number): Delivered {
  const hash = createHash('sha256');
  let rest = bytes;
  for (let number = first; rest > 0; number += 1) {
    const line = Buffer.from(`${number}${SEPARATOR}`);
    hash.update(line.subarray(0, rest));
    rest -= Math.min(rest, line.length);
  }
  return { bytes, sha256: hash.digest('hex') };
}
