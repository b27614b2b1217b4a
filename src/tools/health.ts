import { z } from 'zod';
import type { Config } from '../config/schema.ts';
import type { FindEngine } from '../engine/presence.ts';
import { AppError } from '../errors.ts';
import type { SchedulerStats } from '../scheduler/scheduler.ts';
import { defineTool } from './input.ts';
import { READ_ONLY, type Tool, type ToolReply } from './tool.ts';

/** Health answers within 2 s whatever the engine does; what the engine does not get is for a busy machine. */
const ENGINE_PATIENCE_MS = 1_400;

const output = z.object({
  status: z.enum(['healthy', 'degraded', 'unhealthy']),
  version: z.string(),
  uptimeMs: z.int(),
  engine: z.object({
    reachable: z.boolean(),
    endpoint: z.string(),
    latencyMs: z.number().nullable(),
    version: z.string().nullable(),
    apiVersion: z.string().nullable(),
    os: z.string().nullable(),
    arch: z.string().nullable(),
    error: z.string().optional(),
  }),
  pool: z.object({
    threads: z.int(),
    limit: z.int(),
    running: z.int(),
    queued: z.int(),
    completed: z.int(),
  }),
  demuxer: z.enum(['native', 'javascript']),
  metrics: z.record(z.string(), z.number()),
  limits: z.record(z.string(), z.unknown()),
  security: z.record(z.string(), z.unknown()),
});

type Health = z.output<typeof output>;

export interface HealthDeps {
  readonly config: Config;
  /** As health shows where the engine is looked for. */
  readonly endpoint: string;
  readonly findEngine: FindEngine;
  readonly version: string;
  /** Milliseconds since the server started. */
  readonly uptimeMs: () => number;
  readonly pool: () => SchedulerStats & { readonly threads: number };
  /** `wanted: false`: the operator chose the JavaScript demuxer. */
  readonly demuxer: { readonly kind: 'native' | 'javascript'; readonly wanted: boolean };
  readonly metrics: () => Record<string, number>;
}

const UNKNOWN = { latencyMs: null, version: null, apiVersion: null, os: null, arch: null } as const;

async function askEngine({ endpoint, findEngine }: HealthDeps): Promise<Health['engine']> {
  const begun = performance.now();
  try {
    const found = await findEngine(ENGINE_PATIENCE_MS);
    return { reachable: true, endpoint, latencyMs: Math.round((performance.now() - begun) * 100) / 100, ...found };
  } catch (error) {
    const message = error instanceof AppError ? `${error.code}: ${error.message}` : String(error);
    return { reachable: false, endpoint, ...UNKNOWN, error: message };
  }
}

function limitsOf(config: Config): Record<string, unknown> {
  const { maxBytes, maxMessageBytes, chunkBytes, maxConcurrent, maxQueue, timeoutMs, killGraceMs } = config;
  const { rateLimits, execPerMinute, logsPerMinute } = config;
  const sizes = { maxBytes, maxMessageBytes, chunkBytes, maxConcurrent, maxQueue, timeoutMs: timeoutMs ?? null };
  return { ...sizes, killGraceMs, rateLimits, execPerMinute, logsPerMinute };
}

/** What is in force, never the patterns and names themselves: a client need not know what it would have to slip past. */
function securityOf(config: Config): Record<string, unknown> {
  const { security, allowRoot, commandPolicyMode, allowHostAccess, audit, dryRun, sanitize } = config;
  const restricted = config.allowedContainers !== undefined;
  return {
    security,
    allowRoot,
    commandPolicyMode,
    allowHostAccess,
    containersRestricted: restricted,
    audit,
    dryRun,
    sanitize,
  };
}

function statusOf(deps: HealthDeps, health: Pick<Health, 'engine' | 'pool'>): Health['status'] {
  if (!health.engine.reachable) return 'unhealthy';
  const fallback = deps.demuxer.kind === 'javascript' && deps.demuxer.wanted;
  const full = health.pool.queued > 0 && health.pool.queued >= deps.config.maxQueue;
  return fallback || full ? 'degraded' : 'healthy';
}

async function handle(deps: HealthDeps): Promise<ToolReply> {
  const engine = await askEngine(deps);
  const { threads, limit, running, queued, completed } = deps.pool();
  const pool = { threads, limit, running, queued, completed };
  const structured: Health = {
    status: statusOf(deps, { engine, pool }),
    version: deps.version,
    uptimeMs: Math.round(deps.uptimeMs()),
    engine,
    pool,
    demuxer: deps.demuxer.kind,
    metrics: deps.metrics(),
    limits: limitsOf(deps.config),
    security: securityOf(deps.config),
  };
  return { kind: 'data', structured, text: JSON.stringify(structured, null, 2) };
}

/** health: whether this server can work, and how busy it is. */
export function healthTool(deps: HealthDeps): Tool {
  return defineTool({
    name: 'health',
    title: 'Server health',
    description:
      'Says whether the server and its Docker engine work, how busy they are, and which limits and policies are in force.',
    annotations: READ_ONLY,
    input: z.strictObject({}),
    output,
    handle: () => handle(deps),
  });
}
