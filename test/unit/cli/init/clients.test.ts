import { describe, expect, it } from 'vitest';
import { CLIENTS, type Machine } from '../../../../src/cli/init/clients.ts';

const linux: Machine = { platform: 'linux', home: '/home/me', project: '/code/shop', environment: {} };
const mac: Machine = { ...linux, platform: 'darwin', home: '/Users/me' };
const windows: Machine = { platform: 'win32', home: 'C:\\Users\\me', project: 'C:\\shop', environment: {} };

describe('where a client keeps its servers', () => {
  it.each([
    ['cursor', linux, '/code/shop/.cursor/mcp.json', '/home/me/.cursor/mcp.json'],
    ['vscode', linux, '/code/shop/.vscode/mcp.json', '/home/me/.config/Code/User/mcp.json'],
    ['claude', linux, '/code/shop/.mcp.json', '/home/me/.claude.json'],
    ['vscode', mac, '/code/shop/.vscode/mcp.json', '/Users/me/Library/Application Support/Code/User/mcp.json'],
    ['cursor', windows, 'C:\\shop\\.cursor\\mcp.json', 'C:\\Users\\me\\.cursor\\mcp.json'],
    ['vscode', windows, 'C:\\shop\\.vscode\\mcp.json', 'C:\\Users\\me\\AppData\\Roaming\\Code\\User\\mcp.json'],
  ] as const)('%s on %j', (name, machine, project, global) => {
    expect([CLIENTS[name].projectFile(machine), CLIENTS[name].globalFile(machine)]).toEqual([project, global]);
  });

  it('heeds where the user has put configurations', () => {
    const { globalFile } = CLIENTS.vscode;
    expect(globalFile({ ...linux, environment: { XDG_CONFIG_HOME: '/etc/me' } })).toBe('/etc/me/Code/User/mcp.json');
    expect(globalFile({ ...windows, environment: { APPDATA: 'D:\\r' } })).toBe('D:\\r\\Code\\User\\mcp.json');
  });
});

it('Claude Code on Windows starts npx through its shell', () => {
  expect(CLIENTS.claude.entry(windows)).toMatchObject({ command: 'cmd', args: ['/c', 'npx', '-y', 'mcp-docker-exec'] });
  expect(CLIENTS.claude.entry(mac)).toMatchObject({ command: 'npx', args: ['-y', 'mcp-docker-exec'] });
});
