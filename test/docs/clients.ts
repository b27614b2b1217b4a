import { CLIENT_NAMES, CLIENTS, type ClientName, type Machine } from '../../src/cli/init/clients.ts';
import { SERVER_NAME } from '../../src/cli/init/entry.ts';
import { CURSOR_LINK, CURSOR_WEB_LINK, VSCODE_LINK, VSCODE_WEB_LINK } from '../../src/cli/init/links.ts';

const LINUX: Machine = { platform: 'linux', home: '~', project: '', environment: {} };
const MAC: Machine = { ...LINUX, platform: 'darwin' };
const WINDOWS: Machine = { ...LINUX, platform: 'win32', environment: { APPDATA: '%APPDATA%' } };

const CURSOR_BUTTON = '![Install in Cursor](https://cursor.com/deeplink/mcp-install-dark.svg)';
const VSCODE_BUTTON = '![Install in VS Code](https://img.shields.io/badge/Install_in-VS_Code-0098FF?style=flat-square)';

/** Buttons that install the entry. Links to the web, as pages such as GitHub's leave out all others. */
export function installButtons(): string {
  return `[${CURSOR_BUTTON}](${CURSOR_WEB_LINK}) [${VSCODE_BUTTON}](${VSCODE_WEB_LINK})`;
}

function links(name: ClientName): string[] {
  if (name === 'cursor')
    return [`One click: [install in Cursor](${CURSOR_WEB_LINK}), which opens`, codeBlock('text', CURSOR_LINK)];
  if (name === 'vscode')
    return [`One click: [install in VS Code](${VSCODE_WEB_LINK}), which opens`, codeBlock('text', VSCODE_LINK)];
  return ['One command:', codeBlock('sh', CLIENTS[name].otherWay)];
}

function codeBlock(language: string, text: string): string {
  return ['```', language, '\n', text, '\n```'].join('');
}

function globalFiles(name: ClientName): string {
  const paths = [LINUX, MAC, WINDOWS].map((machine) =>
    CLIENTS[name].globalFile(machine).replaceAll('~\\', '%USERPROFILE%\\'),
  );
  const [linux, mac, windows] = paths.map((path) => `\`${path}\``);
  return linux === mac ? `${linux} (Windows: ${windows})` : `${linux} (macOS: ${mac}, Windows: ${windows})`;
}

function clientSection(name: ClientName): string {
  const { title, key, entry, projectFile } = CLIENTS[name];
  const document = JSON.stringify({ [key]: { [SERVER_NAME]: entry(LINUX) } }, null, 2);
  return [
    `### ${title}`,
    ...links(name),
    `By hand, into \`${projectFile(LINUX)}\` for one project, or ${globalFiles(name)} for all; \`mcp-docker-exec init ${name}\` prints it and, with \`--write\` and for all with \`--global\`, puts it there:`,
    codeBlock('json', document),
  ].join('\n\n');
}

/** How each client that `init` knows is given the server, in Markdown. */
export function clientSections(): string {
  return CLIENT_NAMES.map(clientSection).join('\n\n');
}
