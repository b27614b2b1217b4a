import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, expect, it, onTestFinished } from 'vitest';
import { useEngine } from '../engine/use.ts';
import { openServer } from './client.ts';
import { runProgram } from './program.ts';

const engine = useEngine();
let file: string;

/** Calls that leave four records: one run, two reads. */
beforeEach(async () => {
  const folder = mkdtempSync(join(tmpdir(), 'verify-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  file = join(folder, 'audit.jsonl');
  const container = await engine.run();
  const server = await openServer({ env: { DOCKER_HOST: engine.dockerHost, MCP_DOCKER_AUDIT_FILE: file } });
  await server.call('docker_exec', { id: container.id, cmd: ['true'] });
  await server.call('docker_ps');
  await server.call('health');
  await server.close();
});

function lines(): string[] {
  return readFileSync(file, 'utf8').trimEnd().split('\n');
}

function change(edit: (lines: string[]) => string[]): void {
  writeFileSync(file, edit(lines()).join('\n'));
}

function verify(...args: string[]) {
  return runProgram(['audit', 'verify', file, ...args]);
}

it('finds the chain of a server unbroken', async () => {
  const last = JSON.parse(lines().at(-1) ?? '').hash;
  expect(await verify()).toEqual({
    code: 0,
    stdout: `${file}: 4 records, the chain is unbroken; last hash ${last}\n`,
    stderr: '',
  });
});

it.each<[string, (lines: string[]) => string[], string]>([
  ['an edited record', ([a = '', ...rest]) => [a.replace('"true"', '"false"'), ...rest], ':1: edited'],
  ['a removed record', (all) => all.toSpliced(1, 1), ':2: it does not follow'],
  ['moved records', ([a = '', b = '', c = '', ...rest]) => [a, c, b, ...rest], ':2: it does not follow'],
  ['a torn record', (all) => [...all.slice(0, 3), all[3]?.slice(0, 50) ?? ''], ':4: not a whole record'],
  ['a removed beginning', (all) => all.slice(1), ':1: the first record follows the hash '],
])('names the place of %s', async (_, edit, said) => {
  change(edit);
  const { code, stdout } = await verify();
  expect(stdout).toContain(`${file}${said}`);
  expect(code).toBe(1);
});

it('goes on from a hash that is known', async () => {
  const { hash } = JSON.parse(lines()[0] ?? '');
  change((all) => all.slice(1));
  expect((await verify()).stdout).toContain(`--after ${hash}`);
  expect((await verify('--after', hash)).code).toBe(0);
  expect((await verify('--after', 'f'.repeat(64))).code).toBe(1);
});

it('follows the chain through rotated files, and names the one that is broken', async () => {
  const [first = '', ...rest] = lines();
  const rotated = `${file}.2026-01-02`;
  writeFileSync(rotated, `${first}\n`);
  change(() => rest);
  expect((await verify()).code).toBe(0);
  writeFileSync(rotated, `${first.replace('docker_exec', 'docker_logs')}\n`);
  expect((await verify()).stdout).toContain(`${rotated}:1: edited`);
});

it.each(['none.jsonl', '.'])('says that it cannot read %s', async (name) => {
  file = join(file, '..', name);
  const { code, stdout, stderr } = await verify();
  expect([code, stderr]).toEqual([2, '']);
  expect(stdout).toContain('cannot be read: ');
});
