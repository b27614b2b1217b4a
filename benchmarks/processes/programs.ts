import { fileURLToPath } from 'node:url';
import { SERVER } from '../../test/e2e/server-process.ts';

/** A server that speaks JSON-RPC over stdio, run by this Node. */
export interface Program {
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

export const PRODUCT: Program = { args: [SERVER], env: {} };

export const WITHOUT_NATIVE: Program = { args: [SERVER], env: { MCP_DOCKER_NATIVE: 'off' } };

/** Compiled while it starts, which is in no measurement. */
export const DOCKERODE: Program = {
  args: ['--import', import.meta.resolve('tsx'), fileURLToPath(new URL('../dockerode-server.ts', import.meta.url))],
  env: {},
};
