import { posix } from 'node:path';
import { describe, expect, it } from 'vitest';
import manifest from '../../../package.json' with { type: 'json' };
import { loadConfig } from '../../../src/config/load.ts';
import { CONFIG_KEYS, factsOf } from '../../../src/config/schema.ts';
import { ERROR_CODES } from '../../../src/errors.ts';
import { TOOL_NAMES } from '../../../src/observe/events.ts';
import {
  anchors,
  documents,
  everyBlock,
  everyEntry,
  inlineCode,
  inRepository,
  readDocument,
} from '../../docs/documents.ts';

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
});

describe("entries for clients' configurations", () => {
  it('are shown where people look for them', () => {
    const paths = everyEntry.map(({ path }) => path);
    expect(paths).toEqual(expect.arrayContaining(['README.md', 'docs/clients.md', 'docs/configuration.md']));
  });

  it.each(everyEntry)('in $path start this package', ({ name, type = 'stdio', command, args }) => {
    expect([name, type]).toEqual(['docker', 'stdio']);
    const built = `node /path/to/${manifest.name}/${manifest.bin['mcp-docker-exec']}`;
    expect([`npx -y ${manifest.name}`, built]).toContain([command, ...args].join(' '));
  });

  it.each(everyEntry)('in $path have a configuration the server starts with', ({ env }) => {
    expect(loadConfig(env)).toMatchObject({ ok: true });
  });
});

describe('links that install', () => {
  const config = (text: string): unknown => JSON.parse(text);
  const everywhere = documents.map(({ text }) => text).join('\n');
  const started = { command: 'npx', args: ['-y', manifest.name] };

  it('have the entry in base64 for Cursor', () => {
    const found = [...everywhere.matchAll(/(?:cursor:\/\/|https:\/\/cursor\.com\/en\/install-mcp)[^\s)]*/g)];
    expect(found.length).toBeGreaterThanOrEqual(3);
    for (const [link] of found) {
      const { searchParams } = new URL(link);
      expect(searchParams.get('name')).toBe('docker');
      expect(config(Buffer.from(searchParams.get('config') ?? '', 'base64').toString())).toEqual(started);
    }
  });

  it('have the entry as JSON for VS Code', () => {
    const found = [...everywhere.matchAll(/(?:vscode:mcp\/install\?|vscode\.dev\/redirect\/mcp\/install\?)([^\s)]*)/g)];
    expect(found.length).toBeGreaterThanOrEqual(3);
    for (const [, query = ''] of found) {
      const given = new URLSearchParams(query).get('config');
      const read = given === null ? config(decodeURIComponent(query)) : { name: 'docker', ...Object(config(given)) };
      expect(read).toEqual({ name: 'docker', ...started });
    }
  });
});

describe('the documents', () => {
  it('show every tool with a request or an answer', () => {
    const shown = everyBlock.filter(({ path }) => path === 'docs/tools.md').map(({ section }) => section);
    expect(shown).toEqual(expect.arrayContaining([...TOOL_NAMES]));
  });

  it('are reached from the README, which stays short', () => {
    const { text } = readDocument('README.md');
    const others = documents.map(({ path }) => path).filter((path) => path.startsWith('docs/'));
    expect(others.filter((path) => !everyLink(text).includes(path))).toEqual([]);
    expect(text.split('\n').length).toBeLessThan(150);
  });
});

function everyLink(text: string): string[] {
  return [...text.matchAll(/\]\(([^)#]+)/g)].map((match) => match[1] ?? '');
}
