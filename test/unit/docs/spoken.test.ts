import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { parseArguments } from '../../../src/cli/arguments.ts';
import { helpText } from '../../../src/cli/help.ts';
import { loadConfig } from '../../../src/config/load.ts';
import { documents, inlineCode, inRepository } from '../../docs/documents.ts';

const TESTS = fileURLToPath(new URL('../../', import.meta.url));
/** Options of other programs that the documents speak of. */
const OF_OTHERS: Readonly<Record<string, readonly string[]>> = {
  'docker run': ['--read-only', '--cap-drop', '--security-opt', '--privileged', '--pid', '--net'],
  npm: ['--ignore-scripts', '--no-git-tag-version'],
  npx: ['-y'],
  'node-gyp': ['--nodedir'],
};

/** Commands, options and settings in running text: what people type although it stands in no block. */
const spoken = [...new Set(documents.flatMap(inlineCode))];
const beginning = (pattern: RegExp) => spoken.filter((code) => pattern.test(code));

describe('what the text tells people to type', () => {
  it.each(beginning(/^mcp-docker-exec /))('%s is a command', (line) => {
    expect(parseArguments(line.split(' ').slice(1))).not.toMatchObject({ kind: 'mistake' });
  });

  it.each(beginning(/^--?[a-z]/))('%s is an option', (code) => {
    const known = [...helpText().matchAll(/--?[a-z]+/g)].map(([option]) => option);
    const named = code.split(/[ ,]/).filter((word) => word.startsWith('-'));
    const options = named.map((word) => word.split('=')[0] ?? '');
    expect(options.filter((option) => ![...known, ...Object.values(OF_OTHERS).flat()].includes(option))).toEqual([]);
  });

  it.each(beginning(/^(?:MCP_)?DOCKER_\w+=/))('%s is a setting the server starts with', (code) => {
    const [name = '', value] = code.split('=');
    expect(loadConfig({ [name]: value })).toMatchObject({ ok: true });
  });

  it.each(beginning(/^(?:MCP_TEST|TERMINATION)_\w+=/))('%s is a variable the tests read', (code) => {
    const sources = readdirSync(TESTS, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'));
    const reads = `env['${code.split('=')[0]}']`;
    expect(sources.some((name) => readFileSync(`${TESTS}${name}`, 'utf8').includes(reads))).toBe(true);
  });

  it.each(beginning(/\b(?:npm|npx|node) /))('%s names files and projects there are', (code) => {
    const paths = code.split(' ').filter((word) => /^[\w.-]+\/.*\.(?:ts|mjs)$/.test(word));
    const projects = [...code.matchAll(/--project[ =](\w+)/g)].map(([, project]) => `test/${project}`);
    expect([...paths, ...projects].filter((path) => !inRepository(path))).toEqual([]);
  });
});
