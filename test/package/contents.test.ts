import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, expect, it } from 'vitest';
import { prebuildFor } from '../../src/frames/places.ts';
import { everyBlock } from '../docs/documents.ts';
import { type Packed, pack, run } from './pack.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

let packed: Packed;
beforeAll(async () => {
  packed = await pack();
  return () => rm(packed.folder, { recursive: true });
});

it('the package holds the program, its types, the native module of this platform, and nothing else', () => {
  const program = packed.paths.filter((path) => /^dist\/(src|workers)\/.*\.js$/.test(path));
  const others = packed.paths.filter((path) => !program.includes(path));
  expect(others.toSorted()).toEqual([
    'LICENSE',
    'README.md',
    'dist/src/errors.d.ts',
    'dist/src/frames/chunk-meta.d.ts',
    'dist/src/index.d.ts',
    'dist/src/protocol/outcome.d.ts',
    'package.json',
    prebuildFor(),
  ]);
  expect(program).toEqual(expect.arrayContaining(['dist/src/main.js', 'dist/src/index.js', 'dist/workers/run.js']));
});

it('every program file has a source: nothing left over from an earlier build is packed', () => {
  const sources = packed.paths
    .filter((path) => path.endsWith('.js'))
    .map((path) => path.replace(/^dist\/(.*)\.js$/, '$1.ts'));
  expect(sources.filter((path) => !existsSync(join(ROOT, path)))).toEqual([]);
});

it('the package stays small', () => {
  expect(packed.unpackedSize).toBeLessThan(2_000_000);
});

it('the package runs nothing when it is installed', () => {
  const { scripts, gypfile } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
  expect(Object.keys(scripts)).not.toEqual(
    expect.arrayContaining([expect.stringMatching(/^((pre|post)?install|prepare)$/)]),
  );
  // npm would compile what has a binding.gyp.
  expect(gypfile).toBe(false);
});

it('its types and values can be imported from a strict program as documented', { timeout: 60_000 }, async () => {
  const documented = everyBlock.find(({ language }) => language === 'ts')?.text ?? '';
  const consumer = join(packed.folder, 'consumer');
  mkdirSync(join(consumer, 'node_modules'), { recursive: true });
  await run('tar', ['-xzf', packed.tarball, '-C', join(consumer, 'node_modules')]);
  await rm(join(consumer, 'node_modules/mcp-docker-exec'), { recursive: true, force: true });
  await run('mv', [join(consumer, 'node_modules/package'), join(consumer, 'node_modules/mcp-docker-exec')]);
  const program = `${documented}export const code: ErrorCode = 'POLICY_DENIED';
export const outcome: Outcome = 'exited';
export const place: ChunkMeta = { channel: 'stdout', seq: 0, offset: 0, bytes: 1 };
// @ts-expect-error
export const unknown: ErrorCode = 'NO_SUCH_CODE';
console.log(CHUNK_META, ERROR_CODES.includes(code), OUTCOMES.includes(outcome));
`;
  writeFileSync(join(consumer, 'package.json'), '{ "type": "module" }');
  writeFileSync(join(consumer, 'program.ts'), program.replace('console.log', 'globalThis.console.log'));
  const tsc = join(ROOT, 'node_modules/typescript/bin/tsc');
  const options = ['--strict', '--module', 'nodenext', '--target', 'es2023', '--lib', 'es2023,dom', '--types', ''];
  await run(process.execPath, [tsc, ...options, 'program.ts'], { cwd: consumer }).catch(({ stdout }) =>
    expect(stdout).toBe(''),
  );
  const { stdout } = await run(process.execPath, ['program.js'], { cwd: consumer });
  expect(stdout).toBe('mcp-docker-exec/chunk true true\n');
});
