/** The name under which clients list the server. */
export const SERVER_NAME = 'docker';

/** How a client starts a server over stdio; VS Code and Claude Code name the transport too. */
export interface Entry {
  readonly type?: 'stdio';
  readonly command: string;
  readonly args: readonly string[];
}

/** Starts the published package wherever npm is, and what is installed globally without a download. */
export const ENTRY: Entry = { command: 'npx', args: ['-y', 'mcp-docker-exec'] };
