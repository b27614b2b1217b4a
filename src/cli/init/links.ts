import { ENTRY, SERVER_NAME } from './entry.ts';

const CURSOR_QUERY = new URLSearchParams({
  name: SERVER_NAME,
  config: Buffer.from(JSON.stringify(ENTRY)).toString('base64'),
}).toString();

/** Opens Cursor, which asks whether to install the entry: https://cursor.com/docs/mcp/install-links */
export const CURSOR_LINK = `cursor://anysphere.cursor-deeplink/mcp/install?${CURSOR_QUERY}`;
/** The same by way of a page, for places that allow only links to the web. */
export const CURSOR_WEB_LINK = `https://cursor.com/en/install-mcp?${CURSOR_QUERY}`;

/** Opens VS Code, which does the same: https://code.visualstudio.com/api/extension-guides/ai/mcp#mcp-url-handler */
export const VSCODE_LINK = `vscode:mcp/install?${encodeURIComponent(JSON.stringify({ name: SERVER_NAME, ...ENTRY }))}`;
export const VSCODE_WEB_LINK = `https://insiders.vscode.dev/redirect/mcp/install?name=${SERVER_NAME}&config=${encodeURIComponent(JSON.stringify(ENTRY))}`;
