import { openServer } from '../e2e/client.ts';
import type { IndependentClient } from './client.ts';

export const sdkV1: IndependentClient = {
  name: '@modelcontextprotocol/sdk',
  progress: true,
  cancels: true,
  async connect(env) {
    const { client, call, close } = await openServer({ env });
    return {
      list: async () => (await client.listTools()).tools.map(({ name }) => name),
      call: (tool, args, { onMessage, signal } = {}) =>
        call(tool, args, {
          ...(onMessage === undefined ? {} : { onProgress: ({ message = '' }) => onMessage(message) }),
          ...(signal === undefined ? {} : { signal }),
        }),
      close,
    };
  },
};
