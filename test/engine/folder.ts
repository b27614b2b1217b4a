import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A socket's path may have 107 characters, and containerd appends up to 40 to the folder's. */
const LONGEST_TMPDIR = 50;

/** A new folder under the temporary one, short enough for sockets in it. */
export function newFolder(): string {
  return mkdtempSync(join(tmpdir().length > LONGEST_TMPDIR ? '/tmp' : tmpdir(), 'mcpx-'));
}
