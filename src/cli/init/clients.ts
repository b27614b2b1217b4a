import { posix, win32 } from 'node:path';
import type { Environment } from '../../config/load.ts';
import { ENTRY, type Entry, SERVER_NAME } from './entry.ts';
import { CURSOR_LINK, VSCODE_LINK } from './links.ts';

export const CLIENT_NAMES = ['cursor', 'vscode', 'claude'] as const;
export type ClientName = (typeof CLIENT_NAMES)[number];

/** The machine a client runs on, and where on it the command was given. */
export interface Machine {
  readonly platform: NodeJS.Platform;
  readonly home: string;
  /** The directory the command was given in. */
  readonly project: string;
  readonly environment: Environment;
}

/** What has to be known of a client to give it an entry. */
export interface Client {
  readonly title: string;
  /** The property of its configuration that has the servers by name. */
  readonly key: 'mcpServers' | 'servers';
  readonly entry: (machine: Machine) => Entry;
  /** For one project, and for all of the user's. */
  readonly projectFile: (machine: Machine) => string;
  readonly globalFile: (machine: Machine) => string;
  /** The other way to the same entry. */
  readonly otherWay: string;
}

function pathOn({ platform }: Machine, ...parts: readonly string[]): string {
  return (platform === 'win32' ? win32 : posix).join(...parts);
}

/** VS Code's default profile: https://code.visualstudio.com/docs/configure/settings#_settings-file-locations */
function vscodeUserFolder(machine: Machine): string {
  const { platform, home, environment } = machine;
  if (platform === 'darwin') return pathOn(machine, home, 'Library', 'Application Support', 'Code', 'User');
  if (platform === 'win32') {
    return pathOn(machine, environment['APPDATA'] ?? pathOn(machine, home, 'AppData', 'Roaming'), 'Code', 'User');
  }
  return pathOn(machine, environment['XDG_CONFIG_HOME'] || pathOn(machine, home, '.config'), 'Code', 'User');
}

/** npx is a batch file on Windows, which Claude Code cannot start by itself. */
function claudeEntry({ platform }: Machine): Entry {
  const { command, args } = ENTRY;
  if (platform !== 'win32') return { type: 'stdio', command, args };
  return { type: 'stdio', command: 'cmd', args: ['/c', command, ...args] };
}

export const CLIENTS: Readonly<Record<ClientName, Client>> = {
  cursor: {
    title: 'Cursor',
    key: 'mcpServers',
    entry: () => ENTRY,
    projectFile: (machine) => pathOn(machine, machine.project, '.cursor', 'mcp.json'),
    globalFile: (machine) => pathOn(machine, machine.home, '.cursor', 'mcp.json'),
    otherWay: CURSOR_LINK,
  },
  vscode: {
    title: 'VS Code',
    key: 'servers',
    entry: () => ({ type: 'stdio', ...ENTRY }),
    projectFile: (machine) => pathOn(machine, machine.project, '.vscode', 'mcp.json'),
    globalFile: (machine) => pathOn(machine, vscodeUserFolder(machine), 'mcp.json'),
    otherWay: VSCODE_LINK,
  },
  claude: {
    title: 'Claude Code',
    key: 'mcpServers',
    entry: claudeEntry,
    projectFile: (machine) => pathOn(machine, machine.project, '.mcp.json'),
    globalFile: (machine) => pathOn(machine, machine.home, '.claude.json'),
    otherWay: `claude mcp add ${SERVER_NAME} -- ${[ENTRY.command, ...ENTRY.args].join(' ')}`,
  },
};
