import { accessSync, constants, lstatSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { Config } from '../../config/schema.ts';
import { type Check, messageOf } from './check.ts';

/** Throws where records could not be appended to `file`, which the audit opens without following links. Changes nothing. */
function assertWritable(file: string): void {
  const directory = dirname(resolve(file));
  const found = lstatSync(file, { throwIfNoEntry: false });
  if (found?.isCharacterDevice()) {
    accessSync(file, constants.W_OK);
    return;
  }
  accessSync(directory, constants.W_OK | constants.X_OK);
  if (found === undefined) return;
  if (!found.isFile()) throw new Error(`${file} is not a regular file`);
  accessSync(file, constants.R_OK | constants.W_OK);
}

function checkFile(file: string): Check {
  try {
    assertWritable(file);
    return { name: 'audit', status: 'ok', detail: file };
  } catch (thrown) {
    const mend = 'Create the directory and make it and the file writable, or set MCP_DOCKER_AUDIT_FILE to another one.';
    return { name: 'audit', status: 'fail', detail: `cannot write: ${messageOf(thrown)}`, mend };
  }
}

/** Whether audit records would find their place. */
export function checkAudit({ audit, auditFile }: Pick<Config, 'audit' | 'auditFile'>): Check {
  if (!audit) {
    return {
      name: 'audit',
      status: 'warn',
      detail: 'off: no record is kept of what was run',
      mend: 'Unset MCP_DOCKER_AUDIT.',
    };
  }
  return auditFile === undefined ? { name: 'audit', status: 'ok', detail: 'to stderr' } : checkFile(auditFile);
}
