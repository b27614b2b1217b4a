import { describe, expect, it } from 'vitest';
import { ENTRY, SERVER_NAME } from '../../../../src/cli/init/entry.ts';
import { CURSOR_LINK, CURSOR_WEB_LINK, VSCODE_LINK, VSCODE_WEB_LINK } from '../../../../src/cli/init/links.ts';

describe('one-click links', () => {
  it.each([
    [CURSOR_LINK, 'cursor://anysphere.cursor-deeplink/mcp/install?'],
    [CURSOR_WEB_LINK, 'https://cursor.com/en/install-mcp?'],
  ])('%s has the name, and the entry in base64', (link, start) => {
    expect(link.startsWith(start)).toBe(true);
    const { searchParams } = new URL(link);
    expect(searchParams.get('name')).toBe(SERVER_NAME);
    const config = Buffer.from(searchParams.get('config') ?? '', 'base64').toString('utf8');
    expect(JSON.parse(config)).toEqual(ENTRY);
  });

  it('for VS Code has name and entry as JSON', () => {
    const [scheme, query = ''] = VSCODE_LINK.split('?');
    expect(scheme).toBe('vscode:mcp/install');
    expect(JSON.parse(decodeURIComponent(query))).toEqual({ name: SERVER_NAME, ...ENTRY });
  });

  it('for VS Code by way of a page has name and entry apart', () => {
    const { origin, searchParams } = new URL(VSCODE_WEB_LINK);
    expect([origin, searchParams.get('name')]).toEqual(['https://insiders.vscode.dev', SERVER_NAME]);
    expect(JSON.parse(searchParams.get('config') ?? '')).toEqual(ENTRY);
  });
});
