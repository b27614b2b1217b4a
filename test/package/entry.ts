import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { onTestFinished } from 'vitest';

/** What a client's configuration says about a server. */
export interface Entry {
  readonly command: string;
  readonly args?: readonly string[] | undefined;
  readonly env?: Readonly<Record<string, string>> | undefined;
  /** The directory it is started in. */
  readonly cwd?: string | undefined;
}

/** Starts a server as a client does that has this entry; connected until the test ends. */
export async function connectTo({ command, args = [], env = {}, cwd = '/' }: Entry): Promise<Client> {
  const { PATH = '' } = process.env;
  const client = new Client({ name: 'editor', version: '1.0.0' });
  onTestFinished(() => client.close());
  const parameters = { command, args: [...args], env: { PATH, ...env }, cwd };
  await client.connect(new StdioClientTransport({ ...parameters, stderr: 'ignore' }));
  return client;
}
