import type { Readable } from 'node:stream';
import type { Config } from './config/schema.ts';
import type { EngineClient } from './engine/client.ts';
import { createContainerLookup } from './engine/lookup.ts';
import { createEngineFinder } from './engine/presence.ts';
import type { TakeToken } from './limits/rate-limits.ts';
import { type McpServer, type ServeOptions, serve } from './mcp/serve.ts';
import type { Writer } from './mcp/writer.ts';
import type { Publish } from './observe/events.ts';
import type { Policy } from './policy/policy.ts';
import { Arrivals } from './scheduler/arrivals.ts';
import type { Runs } from './scheduler/runs.ts';
import type { RunDeps } from './tools/deps.ts';
import { execTool } from './tools/exec.ts';
import { type HealthDeps, healthTool } from './tools/health.ts';
import { inspectTool } from './tools/inspect.ts';
import { logsTool } from './tools/logs.ts';
import { psTool } from './tools/ps.ts';
import type { Tool } from './tools/tool.ts';

/** Everything the server is made of, so that it can be put together without a process around it. */
export interface ServerDeps extends Pick<ServeOptions, 'onClosed' | 'onError' | 'onDefect'> {
  readonly config: Config;
  readonly version: string;
  readonly engine: EngineClient;
  readonly policy: Policy;
  readonly takeToken: TakeToken;
  readonly publish: Publish;
  readonly execs: Runs;
  readonly logs: Runs;
  readonly demuxer: HealthDeps['demuxer'];
  readonly metrics: () => Record<string, number>;
  readonly stdin: Readable;
  readonly writer: Writer;
}

/** What the first command asks the engine at a time, before a worker hears of it. */
const FIRST_CALLS = 2;

function createTools(deps: ServerDeps): Tool[] {
  const { config, engine, policy, takeToken, publish, version, demuxer, metrics } = deps;
  const base = { config, engine, findContainer: createContainerLookup(engine), policy, takeToken, publish };
  const execDeps: RunDeps = { ...base, schedule: deps.execs.schedule, arrivals: new Arrivals() };
  const logsDeps: RunDeps = { ...base, schedule: deps.logs.schedule, arrivals: new Arrivals() };
  const begun = performance.now();
  const health: HealthDeps = {
    config,
    endpoint: engine.endpoint.description,
    findEngine: createEngineFinder(engine),
    version,
    demuxer,
    metrics,
    uptimeMs: () => performance.now() - begun,
    pool: () => ({ ...deps.execs.stats(), threads: deps.execs.threads() }),
  };
  return [execTool(execDeps), logsTool(logsDeps), psTool(base), inspectTool(base), healthTool(health)];
}

/** Puts the tools together and serves them. */
export function createServer(deps: ServerDeps): Promise<McpServer> {
  const { version, stdin, writer, publish, onClosed, onError, onDefect } = deps;
  return serve({
    tools: createTools(deps),
    version,
    maxMessageBytes: deps.config.maxMessageBytes,
    stdin,
    writer,
    publish,
    onInitialized: () => {
      deps.execs.warm();
      deps.engine.prepare(FIRST_CALLS);
    },
    onClosed,
    onError,
    onDefect,
  });
}
