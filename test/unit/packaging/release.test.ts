import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { prebuildFor } from '../../../src/frames/places.ts';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const WORKFLOW = readFileSync(`${ROOT}.github/workflows/release.yml`, 'utf8');
const TARGETS = [...WORKFLOW.matchAll(/\{ target: ([\w-]+),/g)].map((match) => match[1] ?? '');

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'release-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
});

/** Checks a package with the native modules of these platforms. */
function check(targets: readonly string[]) {
  for (const target of targets) {
    const path = join(folder, 'package', prebuildFor(target));
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, '');
  }
  const tarball = join(folder, 'package.tgz');
  execFileSync('tar', ['-czf', tarball, '-C', folder, 'package']);
  return spawnSync(process.execPath, [`${ROOT}packaging/prebuilds.mjs`, tarball], { encoding: 'utf8' });
}

describe('the release', () => {
  it('builds the native module for every platform it promises, and publishes with provenance', () => {
    expect(check(TARGETS)).toMatchObject({ status: 0, stderr: '' });
    expect(WORKFLOW).toMatch(/npm publish --provenance/);
    expect(WORKFLOW).toMatch(/id-token: write/);
  });

  it.each(TARGETS)('is refused without the one for %s', (target) => {
    const { status, stderr } = check(TARGETS.filter((other) => other !== target));
    expect(status).toBe(1);
    expect(stderr).toContain(target);
  });

  it('names only files and scripts there are', () => {
    const { scripts } = JSON.parse(readFileSync(`${ROOT}package.json`, 'utf8'));
    const run = [...WORKFLOW.matchAll(/npm run ([\w:]+)/g)].map((match) => match[1]);
    const files = [...WORKFLOW.matchAll(/node ([\w/.-]+\.mjs)/g)].map((match) => match[1]);
    expect(run.filter((name) => !Object.hasOwn(scripts, name ?? ''))).toEqual([]);
    for (const file of files) expect(readFileSync(`${ROOT}${file}`, 'utf8')).not.toBe('');
  });
});
