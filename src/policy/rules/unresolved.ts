import type { Unresolved } from '../shell.ts';
import { type Denial, deny } from '../verdict.ts';

/** What cannot be judged without running it is refused wherever commands are judged. */
export function denyUnresolved(rule: string, { part, reason }: Unresolved): Denial {
  return deny(
    rule,
    part,
    `This cannot be checked without running it: ${reason}`,
    'Write the command out with plain words, without expansions, scripts in files, or code for an interpreter.',
  );
}
