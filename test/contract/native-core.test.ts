import { execFile } from 'node:child_process';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const run = promisify(execFile);
const native = fileURLToPath(new URL('../../native', import.meta.url));
const FLAGS = ['-std=c++17', '-O1', '-g', '-Wall', '-Wextra', '-Wconversion', '-Wshadow', '-Werror'];
const SANITIZERS = ['-fsanitize=address,undefined', '-fno-sanitize-recover=all', '-fno-omit-frame-pointer'];

async function sources(): Promise<string[]> {
  const core = (await readdir(native)).filter((name) => name.endsWith('.cc') && name !== 'addon.cc');
  const tests = (await readdir(join(native, 'test'))).filter((name) => name.endsWith('.cc'));
  return [...core, ...tests.map((name) => join('test', name))];
}

describe("the native core's own tests, under address and undefined-behaviour sanitizers", () => {
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'demuxer-core-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  it.each([
    ['with vector instructions', []],
    ['without', ['-DDEMUX_SCALAR']],
  ])('pass %s', { timeout: 240_000 }, async (_name, defines) => {
    const binary = join(folder, `core-tests${defines.length}`);
    const args = [...FLAGS, ...SANITIZERS, ...defines, '-I.', '-o', binary, ...(await sources())];
    await run('c++', args, { cwd: native });
    const { stdout } = await run(binary, []);
    expect(stdout).toMatch(/\d+ tests passed\n$/);
  });
});
