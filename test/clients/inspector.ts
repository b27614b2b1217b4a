import { execFile } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { promisify } from 'node:util';
import { z } from 'zod';
import { type CallOptions, type IndependentClient, serverCommand } from './client.ts';

const run = promisify(execFile);
const require = createRequire(import.meta.url);
const CLI = require.resolve('@modelcontextprotocol/inspector-cli/build/index.js');

const listShape = z.looseObject({ tools: z.array(z.looseObject({ name: z.string() })) });
const resultShape = z.looseObject({ isError: z.boolean().default(false), structuredContent: z.unknown() });

/** Strings go as they are, all else as JSON. */
const toolArg = ([name, value]: [string, unknown]): string[] => [
  '--tool-arg',
  `${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`,
];

/** The Inspector without its page: every request is a command with a server of its own, and Ctrl-C ends it. */
export const inspector: IndependentClient = {
  name: '@modelcontextprotocol/inspector-cli',
  progress: false,
  cancels: true,
  async connect(environment) {
    const { command, args: program, env } = serverCommand(environment);
    const request = async (method: string, args: readonly string[], { signal }: CallOptions = {}): Promise<unknown> => {
      const cancel = signal === undefined ? {} : { signal, killSignal: 'SIGINT' as const };
      const cli = [CLI, command, ...program, '--method', method, ...args];
      // It looks for its own package.json from the folder it is started in.
      const { stdout } = await run(process.execPath, cli, { cwd: dirname(CLI), env, ...cancel });
      return JSON.parse(stdout);
    };
    return {
      list: async () => listShape.parse(await request('tools/list', [])).tools.map(({ name }) => name),
      async call(name, args, options) {
        const given = ['--tool-name', name, ...Object.entries(args).flatMap(toolArg)];
        const { isError, structuredContent } = resultShape.parse(await request('tools/call', given, options));
        return { isError, structured: structuredContent };
      },
      close: async () => undefined,
    };
  },
};
