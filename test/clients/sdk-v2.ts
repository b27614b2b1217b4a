import { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { type IndependentClient, serverCommand } from './client.ts';

/** Asks for the newest revision of the protocol first, and takes what the server speaks. */
export const sdkV2: IndependentClient = {
  name: '@modelcontextprotocol/client',
  progress: true,
  cancels: true,
  async connect(env) {
    const client = new Client({ name: 'sdk-v2', version: '1.0.0' }, { versionNegotiation: { mode: 'auto' } });
    await client.connect(new StdioClientTransport({ ...serverCommand(env), stderr: 'ignore' }));
    return {
      list: async () => (await client.listTools()).tools.map(({ name }) => name),
      async call(name, args, { onMessage, signal } = {}) {
        const { isError = false, structuredContent } = await client.callTool(
          { name, arguments: { ...args } },
          {
            ...(onMessage === undefined ? {} : { onprogress: ({ message = '' }) => onMessage(message) }),
            ...(signal === undefined ? {} : { signal }),
          },
        );
        return { isError, structured: structuredContent };
      },
      close: () => client.close(),
    };
  },
};
