import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, it } from 'vitest';

const VITEST = join(dirname(createRequire(import.meta.url).resolve('vitest/package.json')), 'vitest.mjs');
const REPORTER = fileURLToPath(new URL('../reporter.ts', import.meta.url));
let folder = '';

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tally-'));
});

afterEach(() => rmSync(folder, { recursive: true }));

function tallyOf(files: Readonly<Record<string, string>>) {
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, `${name}.test.js`), text);
  const args = [VITEST, 'run', '--globals', `--root=${folder}`, '--reporter=default', `--reporter=${REPORTER}`];
  const { stdout, status } = spawnSync(process.execPath, args, { encoding: 'utf8', cwd: folder });
  return { lastLine: stdout.trimEnd().split('\n').at(-1), status };
}

it('counts tests, not files', () => {
  const twoTests = `it('a', () => {}); describe('b', () => it('c', () => {}));`;
  expect(tallyOf({ one: twoTests, two: twoTests })).toEqual({ lastLine: '4 passed, 0 failed', status: 0 });
});

it('counts a failed test once', () => {
  const files = { one: `it('a', () => {}); it('b', () => { throw new Error('no'); });` };
  expect(tallyOf(files)).toEqual({ lastLine: '1 passed, 1 failed', status: 1 });
});

it('counts a file that cannot be loaded, and one whose hook fails, as a failure each', () => {
  const files = {
    good: `it('a', () => {});`,
    broken: `it('a', () => {;`,
    hook: `beforeAll(() => { throw new Error('no'); }); it('a', () => {});`,
  };
  expect(tallyOf(files)).toEqual({ lastLine: '1 passed, 2 failed', status: 1 });
});

it('counts an error outside of any test as a failure', () => {
  const files = {
    late: `it('a', () => { setTimeout(() => { throw new Error('late'); }, 0); }); it('b', () => new Promise((done) => setTimeout(done, 50)));`,
  };
  expect(tallyOf(files)).toEqual({ lastLine: '2 passed, 1 failed', status: 1 });
});
