import { describe, expect, it } from 'vitest';
import { FIRST_PREV, seal } from '../../src/observe/audit/chain.ts';
import { toAuditRecord } from '../../src/observe/audit/record.ts';
import type { CallDenied } from '../../src/observe/events.ts';
import { createLogger, logCalls } from '../../src/observe/log.ts';
import { newTraceId } from '../../src/protocol/ids.ts';
import { redactArgv } from '../../src/redaction/argv.ts';
import { redactObject } from '../../src/redaction/object.ts';
import { HOSTILE, SECRETS } from './corpus/texts.ts';

function denial(text: string): CallDenied {
  const base = { traceId: newTraceId(), tool: 'docker_exec', errorCode: 'POLICY_DENIED' } as const;
  return { kind: 'call_denied', ...base, run: { argv: ['echo', text] }, rule: 'command.allowlist', reason: text };
}

async function logged(text: string, structuredLogs: boolean): Promise<string> {
  const lines: string[] = [];
  const write = (line: string) => void lines.push(line);
  await logCalls(await createLogger({ logLevel: 'debug', structuredLogs }, { write }))(denial(text));
  return lines.join('');
}

function audited(text: string): string {
  return seal(toAuditRecord(denial(text), new Date(0)), FIRST_PREV).line;
}

describe.each(SECRETS)('$name', ({ text, secret }) => {
  it('is not seen in audit, log or inspect', async () => {
    const seen = [audited(text), await logged(text, true), await logged(text, false)];
    const inspected = redactObject({ Config: { Env: [text], Labels: { note: text }, Cmd: ['sh', '-c', text] } });
    seen.push(JSON.stringify(inspected.value), redactArgv(['sh', '-c', text]).join(' '));
    for (const place of seen) expect(place).not.toContain(secret);
    expect(inspected.redactions).toBeGreaterThan(0);
  });
});

describe.each(HOSTILE)('$name', ({ text }) => {
  it('stays within one line of the audit and of the log, as escapes', async () => {
    for (const line of [audited(text), await logged(text, false)]) {
      expect(line.indexOf('\n')).toBe(line.length - 1);
      expect(line.slice(0, -1)).not.toMatch(/[\p{Cc}\u200e\u200f\u2028-\u202e\u2066-\u2069]/u);
    }
    expect((await logged(text, true)).split('\n')).toHaveLength(2);
  });
});
