import { createMCPClient } from '@ai-sdk/mcp';
import { Experimental_StdioMCPTransport } from '@ai-sdk/mcp/mcp-stdio';
import { z } from 'zod';
import { type IndependentClient, serverCommand } from './client.ts';

const resultShape = z.looseObject({ isError: z.boolean().default(false), structuredContent: z.unknown() });

export const aiSdk: IndependentClient = {
  name: '@ai-sdk/mcp',
  progress: false,
  cancels: false,
  async connect(env) {
    const client = await createMCPClient({
      transport: new Experimental_StdioMCPTransport({ ...serverCommand(env), stderr: 'ignore' }),
    });
    return {
      list: async () => Object.keys(await client.tools()),
      async call(name, args, { signal } = {}) {
        const tool = (await client.tools())[name];
        if (tool === undefined) throw new Error(`There is no tool ${name}.`);
        const result = await tool.execute(args, {
          toolCallId: 'call',
          messages: [],
          ...(signal === undefined ? {} : { abortSignal: signal }),
        });
        const { isError, structuredContent } = resultShape.parse(result);
        return { isError, structured: structuredContent };
      },
      close: () => client.close(),
    };
  },
};
