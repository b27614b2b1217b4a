import { createHash } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Writable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { OpenFile } from '../../../src/observe/audit/file.ts';
import { readAuditLines, verifyAuditText } from '../../../src/observe/audit/verify.ts';
import { type Audit, type AuditConfig, type AuditDeps, createAudit } from '../../../src/observe/audit.ts';
import { denied, finished, started } from './events.ts';

let folder: string;
let file: string;
let warnings: string[];
let open_: Audit[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'audit-'));
  file = join(folder, 'audit.jsonl');
  warnings = [];
  open_ = [];
});

afterEach(async () => {
  for (const audit of open_) await audit.close();
  rmSync(folder, { recursive: true });
});

async function start(config: Partial<AuditConfig> = {}, deps: Partial<AuditDeps> = {}): Promise<Audit> {
  const audit = await createAudit(
    { audit: true, auditFile: file, auditRetentionDays: 30, auditOnError: 'deny', ...config },
    { warn: (message) => void warnings.push(message), ...deps },
  );
  open_.push(audit);
  return audit;
}

async function record(...events: Parameters<Audit['listener']>[0][]): Promise<void> {
  const audit = await start();
  for (const event of events) await audit.listener(event);
  await audit.close();
}

const linesOf = (path = file): string[] => readFileSync(path, 'utf8').split('\n').slice(0, -1);
const parsed = (path = file) => linesOf(path).map((line): Record<string, unknown> => JSON.parse(line));

describe('records', () => {
  it('have the fields of the contract in its order, with secrets hidden', async () => {
    const events = [started(), finished(), denied('refused password=x')];
    await record(...events);
    const run = { execId: 'ex_abcdefghijkl', containerId: 'c'.repeat(64), container: 'web', user: '1000:1000' };
    const argv = ['mysql', '-p[REDACTED]', 'db'];
    const stdin = { bytes: 3, sha256: 'f'.repeat(64) };
    const call = { ts: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/), tool: 'docker_exec' };
    const seal = { prev: expect.any(String), hash: expect.any(String) };
    const ids = events.map(({ traceId }) => ({ traceId }));
    const exit = {
      outcome: 'exited',
      exitCode: 0,
      termination: 'none',
      stdoutBytes: 5,
      stderrBytes: 7,
      durationMs: 12,
    };
    const refusal = {
      verdict: 'denied',
      rule: 'user.root',
      errorCode: 'POLICY_DENIED',
      reason: 'refused password=[REDACTED]',
    };
    expect(parsed()).toEqual([
      { ...call, event: 'started', ...ids[0], ...run, argv, verdict: 'allowed', rule: 'none', stdin, ...seal },
      { ...call, event: 'finished', ...ids[1], ...run, argv, ...exit, stdin, ...seal },
      { ...call, event: 'denied', ...ids[2], container: 'web', ...refusal, ...seal },
    ]);
    for (const one of parsed()) expect(Object.keys(one).slice(0, 4)).toEqual(['ts', 'event', 'traceId', 'tool']);
    expect(Object.keys(parsed()[0] ?? {}).slice(-2)).toEqual(['prev', 'hash']);
  });

  it('are chained by SHA-256 over the text before the hash', async () => {
    await record(started(), finished());
    let prev = '0'.repeat(64);
    for (const line of linesOf()) {
      const [text = ''] = line.split(',"hash":');
      const hash = createHash('sha256').update(text).digest('hex');
      expect(JSON.parse(line)).toMatchObject({ prev, hash });
      prev = hash;
    }
  });

  it.each(['\n{"forged":1}', '\u2028x', '\u009b2J', '\u202e', 'é\ud800'])('cannot be forged by %j', async (text) => {
    await record(denied(text), finished());
    expect(linesOf()).toHaveLength(2);
    expect(linesOf()[0]).not.toMatch(/[\u007f-\u009f\u2028-\u202e]/);
    expect(parsed()[0]?.['reason']).toBe(text);
    expect(await verifyAuditText(readAuditLines(file))).toMatchObject({ ok: true, records: 2 });
  });

  it('go to stderr where no file is named', async () => {
    const stderr = new PassThrough();
    const audit = await start({ auditFile: undefined }, { stderr });
    await audit.listener(started());
    await audit.listener(finished());
    const lines = String(stderr.read()).trimEnd().split('\n');
    expect(await verifyAuditText(lines)).toMatchObject({ ok: true, records: 2 });
  });

  it('are not written with audit off', async () => {
    const audit = await start({ audit: false });
    await audit.listener(started());
    expect(existsSync(file)).toBe(false);
  });
});

describe('the file', () => {
  it.each([0o644, 0o666])('gets mode 0600 where it had %o', async (mode) => {
    writeFileSync(file, '');
    chmodSync(file, mode);
    await start();
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  it.each<[string, () => void]>([
    ['a symbolic link', () => symlinkSync(join(folder, 'elsewhere'), file)],
    ['a folder', () => mkdirSync(file)],
    ['something without records', () => writeFileSync(file, 'my diary\n')],
  ])('is refused when it is %s', async (_, make) => {
    make();
    await expect(start()).rejects.toThrow(/^MCP_DOCKER_AUDIT_FILE: expected .*audit\.jsonl: /);
    expect(readdirSync(folder)).toEqual(['audit.jsonl']);
  });

  it('is refused when it is in no folder', async () => {
    await expect(start({ auditFile: join(folder, 'none', 'a') })).rejects.toThrow('ENOENT');
  });

  it('goes on with the chain after a restart', async () => {
    await record(started());
    await record(finished());
    expect(await verifyAuditText(readAuditLines(file))).toMatchObject({ ok: true, records: 2 });
  });

  it('goes on behind a last record longer than one read', async () => {
    await record(started(), denied('x '.repeat(200_000)));
    await record(finished());
    expect(await verifyAuditText(readAuditLines(file))).toMatchObject({ ok: true, records: 3 });
  });

  it('loses a torn last line, which is kept beside it', async () => {
    await record(started());
    const whole = readFileSync(file, 'utf8');
    writeFileSync(file, `${whole}{"ts":"2026-`);
    await record(finished());
    expect(readFileSync(file, 'utf8').startsWith(whole)).toBe(true);
    expect(await verifyAuditText(readAuditLines(file))).toMatchObject({ ok: true, records: 2 });
    const copies = readdirSync(folder).filter((name) => name.includes('.torn-'));
    expect(copies.map((name) => readFileSync(join(folder, name), 'utf8'))).toEqual(['{"ts":"2026-']);
    expect(warnings).toHaveLength(1);
  });
});

describe('a character device', () => {
  it('takes records as they are, from as many servers as like', async () => {
    const [one, other] = [await start({ auditFile: '/dev/null' }), await start({ auditFile: '/dev/null' })];
    await one.listener(started());
    await other.listener(started());
    expect(existsSync('/dev/null.lock')).toBe(false);
    expect(statSync('/dev/null').mode & 0o777).toBe(0o666);
  });

  it('that takes nothing fails each call', async () => {
    const audit = await start({ auditFile: '/dev/full' });
    for (let call = 0; call < 2; call++) {
      await expect(audit.listener(started())).rejects.toMatchObject({ code: 'AUDIT_FAILED' });
    }
  });
});

describe('a stderr that nobody reads', () => {
  const unread = () => new Writable({ write: () => undefined });

  it('takes records for a while, then refuses them, and never keeps a call waiting', async () => {
    const stderr = unread();
    const audit = await start({ auditFile: undefined }, { stderr });
    await audit.listener(started());
    stderr.write('x'.repeat(1_000_000));
    await audit.listener(started());
    stderr.write('x'.repeat(100_000));
    await expect(audit.listener(started())).rejects.toMatchObject({ code: 'AUDIT_FAILED' });
    expect(stderr.writableLength).toBeLessThan(1_200_000);
  });

  it('only warns where the operator chose so', async () => {
    const stderr = unread();
    const audit = await start({ auditFile: undefined, auditOnError: 'warn' }, { stderr });
    stderr.write('x'.repeat(1_100_000));
    await audit.listener(started());
    expect(warnings).toHaveLength(1);
  });

  it('refuses records once it is closed or broken', async () => {
    const broken = new Writable({ write: (_chunk, _encoding, done) => done(new Error('EPIPE')) });
    const audit = await start({ auditFile: undefined }, { stderr: broken });
    for (let call = 0; call < 2; call++) {
      await expect(audit.listener(started())).rejects.toMatchObject({ code: 'AUDIT_FAILED' });
    }
    const closed = unread().destroy();
    const other = await start({ auditFile: undefined }, { stderr: closed });
    await expect(other.listener(started())).rejects.toMatchObject({ code: 'AUDIT_FAILED' });
  });
});

describe('the lock', () => {
  it('keeps a second server off until the first lets go', async () => {
    const first = await start();
    await expect(start()).rejects.toThrow(`process ${process.pid}`);
    await first.close();
    await start();
  });

  it.each([
    ['a dead process', (owner: object) => ({ ...owner, pid: 0x3fffffff, startTime: '' })],
    ['another process with the same pid', (owner: object) => ({ ...owner, startTime: '1' })],
  ])('of %s is taken over', async (_, change) => {
    const first = await start();
    const owner: object = JSON.parse(readFileSync(`${file}.lock`, 'utf8'));
    await first.close();
    writeFileSync(`${file}.lock`, JSON.stringify(change(owner)));
    await start();
    expect(readdirSync(folder).sort()).toEqual(['audit.jsonl', 'audit.jsonl.lock']);
    expect(JSON.parse(readFileSync(`${file}.lock`, 'utf8'))).toEqual(owner);
  });

  it.each(['', '{"pid":1,"startTime":"1","place":"elsewhere"}'])(
    'of an unknown owner %j holds while it is fresh',
    async (text) => {
      writeFileSync(`${file}.lock`, text);
      await expect(start()).rejects.toThrow('is writing to it');
    },
  );
});

describe('rotation', () => {
  const days = ['2026-01-30', '2026-01-31', '2026-02-01', '2026-03-02'];

  it('starts a file a day, goes on with the chain and deletes what is too old', async () => {
    let now = new Date();
    const audit = await start({ auditRetentionDays: 29 }, { now: () => now });
    for (const day of days) {
      now = new Date(`${day}T23:59:59.999Z`);
      await audit.listener(started());
      await audit.listener(finished());
    }
    const names = () => readdirSync(folder).filter((name) => !name.endsWith('.lock'));
    expect(names().sort()).toEqual(['audit.jsonl', 'audit.jsonl.2026-02-01']);
    expect(await verifyAuditText(readAuditLines(file), null)).toMatchObject({ ok: true, records: 4 });
    expect(parsed(`${file}.2026-02-01`).map(({ ts }) => ts)).toEqual(Array(2).fill('2026-02-01T23:59:59.999Z'));
  });

  it('splits records that arrive together by their day', async () => {
    let now = new Date('2026-01-30T23:59:59.999Z');
    const audit = await start({}, { now: () => now });
    const before = audit.listener(started());
    now = new Date('2026-01-31T00:00:00.000Z');
    await Promise.all([before, audit.listener(finished())]);
    expect(parsed(`${file}.2026-01-30`)).toHaveLength(1);
    expect(parsed()).toHaveLength(1);
    expect(await verifyAuditText(readAuditLines(file))).toMatchObject({ ok: true, records: 2 });
  });

  it('keeps the order of the names, and every file, when the clock is set back', async () => {
    for (const day of ['2026-01-30', '2026-01-31', '2026-01-29', '2026-01-31']) {
      const audit = await start({ auditRetentionDays: 3650 }, { now: () => new Date(`${day}T12:00:00Z`) });
      await audit.listener(started());
      await audit.close();
    }
    // On the third start the 31st's file was in use; the fourth found the 29th in it, which would sort before the 30th.
    const names = ['audit.jsonl', 'audit.jsonl.2026-01-30', 'audit.jsonl.2026-01-30.1'];
    expect(readdirSync(folder).sort()).toEqual(names);
    expect(await verifyAuditText(readAuditLines(file))).toMatchObject({ ok: true, records: 4 });
  });

  it('goes on from the newest rotated file where the current one is gone', async () => {
    const audit = await start({}, { now: () => new Date('2026-01-30T12:00:00Z') });
    await audit.listener(started());
    await audit.close();
    writeFileSync(`${file}.2026-01-30`, readFileSync(file));
    rmSync(file);
    const next = await start({}, { now: () => new Date('2026-01-31T12:00:00Z') });
    await next.listener(finished());
    expect(await verifyAuditText(readAuditLines(file))).toMatchObject({ ok: true, records: 2 });
  });
});

/** Files whose writes take half the bytes and then fail while `full()`; also counts flushes. */
function failingDisk(full: () => boolean): { openFile: OpenFile; flushes: () => number } {
  let flushes = 0;
  const openFile: OpenFile = async (path, flags, mode) => {
    const handle = await open(path, flags, mode);
    const { write, datasync } = handle;
    const half = async (bytes: Buffer, at: number, length: number) => {
      if (!full()) return Reflect.apply(write, handle, [bytes, at, length]);
      if (length < bytes.length) throw new Error('ENOSPC: no space left on device');
      return Reflect.apply(write, handle, [bytes, at, length >> 1]);
    };
    return Object.assign(handle, {
      write: half,
      datasync: async () => {
        flushes += 1;
        await datasync.call(handle);
      },
    });
  };
  return { openFile, flushes: () => flushes };
}

describe('a full disk', () => {
  it('refuses calls, leaves no part of a line, and works again once there is space', async () => {
    let full = false;
    const audit = await start({}, { openFile: failingDisk(() => full).openFile });
    await audit.listener(started());
    const before = readFileSync(file, 'utf8');
    full = true;
    for (let attempt = 0; attempt < 2; attempt++) {
      await expect(audit.listener(started())).rejects.toMatchObject({ code: 'AUDIT_FAILED', retryable: true });
      expect(readFileSync(file, 'utf8')).toBe(before);
    }
    full = false;
    await audit.listener(finished());
    expect(await verifyAuditText(readAuditLines(file))).toMatchObject({ ok: true, records: 2 });
  });

  it('only warns where the operator chose so', async () => {
    const audit = await start({ auditOnError: 'warn' }, { openFile: failingDisk(() => true).openFile });
    await audit.listener(started());
    expect(warnings).toHaveLength(1);
    expect(linesOf()).toEqual([]);
  });
});

describe('concurrent calls', () => {
  it('share a flush and do not interleave', async () => {
    const disk = failingDisk(() => false);
    const audit = await start({}, { openFile: disk.openFile });
    await Promise.all(Array.from({ length: 10 }, () => audit.listener(started())));
    expect(disk.flushes()).toBe(1);
    expect(await verifyAuditText(readAuditLines(file))).toMatchObject({ ok: true, records: 10 });
  });

  it('are all written before close ends; later ones fail', async () => {
    const audit = await start();
    const waiting = [audit.listener(started()), audit.listener(finished())];
    await audit.close();
    expect(linesOf()).toHaveLength(2);
    await Promise.all(waiting);
    await expect(audit.listener(started())).rejects.toMatchObject({ code: 'AUDIT_FAILED' });
  });
});

describe('verifyAuditText', () => {
  it.each<[string, (lines: string[]) => string[], object]>([
    ['nothing wrong', (lines) => lines, { ok: true, records: 4 }],
    [
      'an edited record',
      ([a, b = '', ...rest]) => [a ?? '', b.replace('web', 'wab'), ...rest],
      { line: 2, fault: 'edited' },
    ],
    [
      'an edited hash',
      (lines) => lines.map((line, at) => (at === 2 ? line.replace(/.{4}"\}$/, '0000"}') : line)),
      { line: 3, fault: 'edited' },
    ],
    ['a removed record', (lines) => lines.toSpliced(1, 1), { line: 2, fault: 'unlinked' }],
    ['a removed first record', (lines) => lines.slice(1), { line: 1, fault: 'unlinked' }],
    ['moved records', ([a = '', b = '', ...rest]) => [b, a, ...rest], { line: 1, fault: 'unlinked' }],
    ['a doubled record', ([a = '', ...rest]) => [a, a, ...rest], { line: 2, fault: 'unlinked' }],
    ['a torn record', (lines) => [...lines.slice(0, 3), (lines[3] ?? '').slice(0, 40)], { line: 4, fault: 'torn' }],
    ['a foreign line', (lines) => [...lines, 'hello'], { line: 5, fault: 'torn' }],
  ])('finds %s', async (_, change, expected) => {
    await record(started(), finished(), started(), finished());
    expect(await verifyAuditText(change(linesOf()))).toMatchObject(expected);
  });
});
