import {
  chmodSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { type InitOptions, initClient } from '../../../../src/cli/init-command.ts';
import { surroundingsWith } from '../surroundings.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'init-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
});

/** Runs the command with `folder` for the project and `folder/home` for the home. */
async function init(options: Partial<InitOptions>) {
  const machine = () => ({ platform: 'linux', home: join(folder, 'home'), project: folder, environment: {} }) as const;
  const { surroundings, output, notes } = surroundingsWith({ machine });
  const code = await initClient({ client: 'cursor', write: false, global: false, ...options }, surroundings);
  return { code, output: output(), notes: notes() };
}

const read = (path: string) => JSON.parse(readFileSync(join(folder, path), 'utf8'));
const started = expect.objectContaining({ command: 'npx', args: ['-y', 'mcp-docker-exec'] });

function put(path: string, text: string): string {
  const file = join(folder, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
  return file;
}

describe('without --write', () => {
  it.each([
    ['cursor', 'mcpServers', 'cursor://'],
    ['vscode', 'servers', 'vscode:'],
    ['claude', 'mcpServers', 'claude mcp add docker -- npx -y mcp-docker-exec'],
  ] as const)(
    'prints the entry of %s as JSON alone, says the rest beside, and writes nothing',
    async (client, key, way) => {
      const { code, output, notes } = await init({ client });
      expect(code).toBe(0);
      expect(JSON.parse(output)).toEqual({ [key]: { docker: started } });
      expect(notes).toContain(way);
      expect(readdirSync(folder)).toEqual([]);
    },
  );
});

describe('with --write', () => {
  it.each([
    ['cursor', false, '.cursor/mcp.json', 'mcpServers'],
    ['vscode', false, '.vscode/mcp.json', 'servers'],
    ['claude', false, '.mcp.json', 'mcpServers'],
    ['cursor', true, 'home/.cursor/mcp.json', 'mcpServers'],
    ['vscode', true, 'home/.config/Code/User/mcp.json', 'servers'],
    ['claude', true, 'home/.claude.json', 'mcpServers'],
  ] as const)('makes the file of %s (global: %s)', async (client, global, path, key) => {
    const { code, output, notes } = await init({ client, global, write: true });
    expect([code, notes]).toEqual([0, '']);
    expect(output).toContain(join(folder, path));
    expect(read(path)).toEqual({ [key]: { docker: started } });
  });

  it('adds to what is there, once, and leaves no draft behind', async () => {
    const file = put('.cursor/mcp.json', '{ "mcpServers": { "mine": { "url": "http://x" } } }');
    expect(await init({ write: true })).toMatchObject({ code: 0, output: expect.stringContaining('added') });
    const text = readFileSync(file, 'utf8');
    expect(JSON.parse(text)).toEqual({ mcpServers: { mine: { url: 'http://x' }, docker: started } });
    expect(await init({ write: true })).toMatchObject({ code: 0, output: expect.stringContaining('already there') });
    expect(readFileSync(file, 'utf8')).toBe(text);
    expect(readdirSync(dirname(file))).toEqual(['mcp.json']);
  });

  it.each(['{"mcpServers":{"docker":{"command":"theirs"}}}', '{ broken', '[]'])('leaves %s as it is', async (text) => {
    const file = put('.cursor/mcp.json', text);
    const { code, output, notes } = await init({ write: true });
    expect([code, output]).toEqual([1, '']);
    expect(notes).toContain(file);
    expect(notes).toContain('nothing was changed');
    expect(readFileSync(file, 'utf8')).toBe(text);
  });

  it('keeps permissions, and a link a link', async () => {
    const target = put('dotfiles/cursor.json', '{}');
    chmodSync(target, 0o600);
    mkdirSync(join(folder, '.cursor'));
    symlinkSync(target, join(folder, '.cursor/mcp.json'));
    expect(await init({ write: true })).toMatchObject({ code: 0 });
    expect(lstatSync(join(folder, '.cursor/mcp.json')).isSymbolicLink()).toBe(true);
    expect(statSync(target).mode & 0o777).toBe(0o600);
    expect(read('dotfiles/cursor.json')).toEqual({ mcpServers: { docker: started } });
  });

  it('says what is in the way', async () => {
    put('.cursor', 'a file');
    const { code, notes } = await init({ write: true });
    expect(code).toBe(1);
    expect(notes).toMatch(/^Nothing was changed: .*\.cursor/);
  });
});
