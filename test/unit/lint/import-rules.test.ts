import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const BIOME = join(import.meta.dirname, '../../../node_modules/.bin/biome');
const CONFIG = join(import.meta.dirname, '../../../biome.json');

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lint-'));
  const config = { ...JSON.parse(readFileSync(CONFIG, 'utf8')), vcs: { enabled: false } };
  write('biome.json', JSON.stringify(config));
});

afterEach(() => rmSync(folder, { recursive: true }));

function write(path: string, text: string): void {
  const file = join(folder, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}

/** The rules that fire on these files, by file. */
function lint(files: Record<string, string>): string[] {
  for (const [path, text] of Object.entries(files)) write(path, text);
  const { stdout } = spawnSync(BIOME, ['lint', '--reporter=github', '--max-diagnostics=none', '.'], {
    cwd: folder,
    encoding: 'utf8',
  });
  return [...stdout.matchAll(/title=(lint\/[\w/]+),file=([^,]+)/g)].map(
    ([, rule, file]) => `${file?.replace(`${folder}/`, '')} ${rule}`,
  );
}

describe('the linter', () => {
  it.each([
    ['src/policy/x.ts', '../mcp/serve.ts'],
    ['src/engine/x.ts', '../execution/kill.ts'],
    ['src/execution/x.ts', '../scheduler/pool.ts'],
    ['src/protocol/x.ts', '../engine/client.ts'],
    ['src/tools/x.ts', '../mcp/serve.ts'],
    ['src/mcp/x.ts', '../engine/client.ts'],
    ['workers/x.ts', '../src/mcp/serve.ts'],
    ['src/tools/x.ts', '@modelcontextprotocol/sdk/types.js'],
    ['src/tools/x.ts', 'dockerode'],
    ['src/execution/x.ts', 'piscina'],
  ])('refuses that %s imports %s', (file, source) => {
    const found = lint({ [file]: `import { a } from '${source}';\nexport const b = a;\n` });
    expect(found).toContain(`${file} lint/style/noRestrictedImports`);
  });

  it('refuses a cycle', () => {
    const found = lint({
      'src/tools/a.ts': "import { b } from './b.ts';\nexport const a = () => b;\n",
      'src/tools/b.ts': "import { a } from './a.ts';\nexport const b = () => a;\n",
    });
    expect(found).toContain('src/tools/a.ts lint/suspicious/noImportCycles');
  });

  it('refuses to read the environment outside src/config', () => {
    const text = "export const home = process.env['HOME'];\n";
    const found = lint({ 'src/engine/x.ts': text, 'src/config/x.ts': text });
    expect(found).toEqual(['src/engine/x.ts lint/style/noProcessEnv']);
  });

  it('lets imports point down', () => {
    const found = lint({ 'src/tools/x.ts': "import { a } from '../policy/evaluate.ts';\nexport const b = a;\n" });
    expect(found).toEqual([]);
  });
});
