import { posix } from 'node:path';
import { describe, expect, it } from 'vitest';
import manifest from '../../../package.json' with { type: 'json' };
import { CONFIG_KEYS, factsOf } from '../../../src/config/schema.ts';
import { ERROR_CODES } from '../../../src/errors.ts';
import { TOOL_NAMES } from '../../../src/observe/events.ts';
import { anchors, codeBlocks, documents, inlineCode, inRepository, readDocument } from './documents.ts';

const VARIABLES = CONFIG_KEYS.map((key) => factsOf(key).name);
const BUILT = /^dist\/(.*)\.js$/;

describe.each(documents)('$path', (document) => {
  const matches = (pattern: RegExp): string[] => [...document.text.matchAll(pattern)].map((match) => match[1] ?? '');
  const unknown = (found: readonly string[], known: readonly string[]) => found.filter((name) => !known.includes(name));

  it('names only tools there are', () => {
    expect(unknown(matches(/(?<![\w-])(docker_[a-z]+)/g), TOOL_NAMES)).toEqual([]);
  });

  it('names only variables there are', () => {
    expect(unknown(matches(/\b(MCP_DOCKER_[A-Z_]*[A-Z])\b/g), VARIABLES)).toEqual([]);
  });

  it('names only error codes there are', () => {
    const codes = inlineCode(document).filter((code) => /^[A-Z]+(?:_[A-Z]+)+$/.test(code));
    expect(unknown(codes, [...ERROR_CODES, ...VARIABLES])).toEqual([]);
  });

  it('names only scripts there are', () => {
    const scripts = Object.keys(manifest.scripts);
    expect(unknown(matches(/\bnpm run ([\w:-]+)/g), scripts)).toEqual([]);
  });

  it('names only files there are', () => {
    const paths = inlineCode(document).filter((code) => /^[\w./-]+\/[\w.-]+\.(?:ts|mjs|js|cc|md)$/.test(code));
    const sources = paths.map((path) => path.replace(BUILT, '$1.ts'));
    const isThere = (path: string) => path.startsWith('.') || inRepository(path) || inRepository(`src/${path}`);
    expect(sources.filter((path) => !isThere(path))).toEqual([]);
  });

  it('has links that lead somewhere', () => {
    const links = matches(/\]\((?!https?:)([^)]+)\)/g).map((link) => {
      const [file = '', anchor] = link.split('#');
      const path = file === '' ? document.path : posix.join(posix.dirname(document.path), file);
      return { link, path, anchor };
    });
    const leads = ({ path, anchor }: { path: string; anchor: string | undefined }) =>
      inRepository(path) && (anchor === undefined || anchors(readDocument(path)).includes(anchor));
    expect(links.filter((link) => !leads(link)).map(({ link }) => link)).toEqual([]);
  });

  it('has JSON that can be read', () => {
    for (const block of codeBlocks(document, 'json')) expect(() => JSON.parse(block), block).not.toThrow();
  });
});

describe('README.md', () => {
  const readme = readDocument('README.md');

  it('shows every tool with a request or an answer', () => {
    const sections = readme.text.split(/^### /m).slice(1);
    const shown = sections.filter((section) => section.includes('```json')).map((section) => section.split('\n', 1)[0]);
    expect(shown).toEqual(expect.arrayContaining([...TOOL_NAMES]));
  });

  it('gives editors an entry that starts this package', () => {
    const entries = codeBlocks(readme, 'json')
      .map((block): Record<string, Record<string, { command: string; args: string[] }>> => JSON.parse(block))
      .flatMap(({ mcpServers, servers }) => Object.values({ ...mcpServers, ...servers }));
    const commands = entries.map(({ command, args }) => [command, ...args].join(' '));
    expect(new Set(commands)).toEqual(
      new Set([`npx -y ${manifest.name}`, `node /path/to/${manifest.name}/${manifest.bin['mcp-docker-exec']}`]),
    );
  });
});
