import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cp, mkdtemp, readFile, realpath, rm, stat, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadBinding } from '../../src/frames/binding.ts';
import { chooseDemuxer } from '../../src/frames/choose.ts';
import { STATE } from '../../src/frames/demuxer.ts';
import { drive } from './drive.ts';
import { frame, options } from './frames.ts';

const run = promisify(execFile);
const root = fileURLToPath(new URL('../..', import.meta.url));
const BUILD = { timeout: 240_000 };

/** What the published package holds of the native module, and the checkout's dependencies. */
async function copyOfPackage(): Promise<string> {
  const copy = await realpath(await mkdtemp(join(tmpdir(), 'demuxer-build-')));
  for (const name of ['package.json', 'binding.gyp', 'native']) {
    await cp(join(root, name), join(copy, name), { recursive: true, filter: (from) => basename(from) !== 'build' });
  }
  await symlink(join(root, 'node_modules'), join(copy, 'node_modules'));
  return copy;
}

/** Node's own headers where it was installed with them: node-gyp would download them. */
function headers(): string[] {
  const prefix = dirname(dirname(process.execPath));
  return existsSync(join(prefix, 'include/node/node_api.h')) ? [`--nodedir=${prefix}`] : [];
}

function expectWorking(copy: string): void {
  const binding = loadBinding(copy);
  if (binding === undefined) throw new Error('No native module was found');
  const { chunks, state } = drive(new binding.Demuxer(options()), Buffer.concat([frame(1, 'out'), frame(2, 'err')]));
  expect(chunks.map((chunk) => chunk.message)).toEqual(['out', 'err']);
  expect(state[STATE.deliveredBytes]).toBe(6);
}

describe('builds of the native module', () => {
  let copy = '';
  beforeEach(async () => {
    copy = await copyOfPackage();
  });
  afterEach(() => rm(copy, { recursive: true }));

  const build = (env: NodeJS.ProcessEnv = {}) =>
    run(process.execPath, ['native/build.mjs'], { cwd: copy, env: { ...process.env, ...env } });
  const builtAt = async (): Promise<number> => (await stat(join(copy, 'native/build/Release/demuxer.node'))).mtimeMs;

  it('node-gyp builds one that works', BUILD, async () => {
    await run('npx', ['--no', 'node-gyp', 'rebuild', ...headers()], { cwd: copy });
    expectWorking(copy);
  });

  it('the build script builds one that works with cmake-js, once, and says nothing', BUILD, async () => {
    expect(await build()).toEqual({ stdout: '', stderr: '' });
    expectWorking(copy);
    const built = await builtAt();
    expect(await build()).toEqual({ stdout: '', stderr: '' });
    expect(await builtAt()).toBe(built);
  });

  it('the build script succeeds without a compiler, with one line that says so and a log', BUILD, async () => {
    const { stdout, stderr } = await build({ PATH: '/nonexistent' });
    expect(stdout).toBe('');
    expect(stderr).toMatch(/^mcp-docker-exec: the native demuxer was not built, .*JavaScript.*\n$/);
    const log = await readFile(join(copy, 'native/build/build.log'), 'utf8');
    expect(log).toContain('cmake-js compile');
    expect(log).toContain('node-gyp rebuild');
    expect(loadBinding(copy)).toBeUndefined();
  });

  it('the build script leaves the build out where asked to', async () => {
    expect(await build({ npm_config_skip_native_build: 'true' })).toEqual({ stdout: '', stderr: '' });
    expect(loadBinding(copy)).toBeUndefined();
  });
});

it('the native module is the one in use in this checkout', () => {
  expect(chooseDemuxer('auto')).toMatchObject({ kind: 'native' });
});
