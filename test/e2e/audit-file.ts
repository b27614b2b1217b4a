import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished } from 'vitest';
import { z } from 'zod';
import { readAuditLines, verifyAuditText } from '../../src/observe/audit/verify.ts';

const recordShape = z.looseObject({
  event: z.enum(['started', 'finished', 'denied']),
  traceId: z.string(),
  tool: z.string(),
});
export type AuditRecord = z.output<typeof recordShape>;

export interface AuditFile {
  /** For the server's environment. */
  readonly env: { readonly MCP_DOCKER_AUDIT_FILE: string };
  /** Records so far, as they are. */
  records(): AuditRecord[];
  /** Records once the server has ended: none torn, every one chained to the one before. */
  verified(): Promise<AuditRecord[]>;
}

/** An audit file in a folder of its own, gone after the test. */
export function auditFile(): AuditFile {
  const file = openAuditFile();
  onTestFinished(file.remove);
  return file;
}

/** As `auditFile`, where no single test owns it: the caller removes it. */
export function openAuditFile(): AuditFile & { remove(): void } {
  const folder = mkdtempSync(join(tmpdir(), 'mcp-e2e-audit-'));
  const path = join(folder, 'audit.jsonl');
  const records = (): AuditRecord[] =>
    readFileSync(path, 'utf8')
      .split('\n')
      // What follows the last newline is still being written.
      .slice(0, -1)
      .map((line) => recordShape.parse(JSON.parse(line)));
  return {
    env: { MCP_DOCKER_AUDIT_FILE: path },
    records,
    verified: async () => {
      expect(await verifyAuditText(readAuditLines(path))).toMatchObject({ ok: true });
      return records();
    },
    remove: () => rmSync(folder, { recursive: true }),
  };
}
