import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { dockerText } from '../engine/cli.ts';
import { useEngine } from '../engine/use.ts';
import { openServer, startServer, type TestServer } from './client.ts';
import { RawClient } from './raw-client.ts';

const engine = useEngine();
let server: TestServer;

const count = z.int().min(0);
const health = z.strictObject({
  status: z.enum(['healthy', 'degraded', 'unhealthy']),
  version: z.string().regex(/^\d+\.\d+\.\d+/),
  uptimeMs: count,
  engine: z.strictObject({
    reachable: z.boolean(),
    endpoint: z.string(),
    latencyMs: z.number().nullable(),
    version: z.string().nullable(),
    apiVersion: z.string().nullable(),
    os: z.string().nullable(),
    arch: z.string().nullable(),
    error: z.string().optional(),
  }),
  pool: z.strictObject({ threads: count, limit: count, running: count, queued: count, completed: count }),
  demuxer: z.enum(['native', 'javascript']),
  metrics: z.record(z.string(), z.number()),
  limits: z.record(z.string(), z.unknown()),
  security: z.record(z.string(), z.unknown()),
});

beforeAll(async () => {
  server = await openServer({ env: { DOCKER_HOST: engine.dockerHost } });
});

afterAll(() => server.close());

describe('health', () => {
  it('has a thread ready before the first run', async () => {
    const ready = async () => health.parse((await server.call('health')).structured).pool;
    await vi.waitFor(async () => expect(await ready()).toMatchObject({ threads: 1, completed: 0 }));
  });

  it('says what the server is and what engine it has', async () => {
    const reply = await server.call('health');
    const [version, apiVersion, os, arch] = (
      await dockerText(engine.docker, [
        'version',
        '--format',
        '{{.Server.Version}} {{.Server.APIVersion}} {{.Server.Os}} {{.Server.Arch}}',
      ])
    ).split(' ');
    const found = health.parse(reply.structured);
    expect(found).toMatchObject({
      status: 'healthy',
      demuxer: 'native',
      engine: { reachable: true, endpoint: engine.dockerHost, version, apiVersion, os, arch },
      limits: { maxConcurrent: 10, maxQueue: 1000, maxBytes: 1_048_576, chunkBytes: 16_384, timeoutMs: null },
      security: { security: true, allowRoot: false, commandPolicyMode: 'none', allowHostAccess: false, dryRun: false },
    });
    expect(JSON.parse(reply.text)).toEqual(found);
    expect(health.parse((await server.call('health')).structured).uptimeMs).toBeGreaterThan(found.uptimeMs);
  });

  it('does not tell what a client would have to slip past', async () => {
    const secretive = await startServer({
      env: {
        DOCKER_HOST: engine.dockerHost,
        MCP_DOCKER_COMMAND_POLICY_MODE: 'denylist',
        MCP_DOCKER_COMMAND_PATTERNS: 'launch-codes',
        MCP_DOCKER_ALLOWED_CONTAINERS: 'hidden-*',
      },
    });
    const reply = await secretive.call('health');
    expect(reply.structured).toMatchObject({ security: { commandPolicyMode: 'denylist', containersRestricted: true } });
    expect(reply.text).not.toMatch(/launch-codes|hidden-/);
  });

  it('takes no arguments', async () => {
    expect(await server.call('health', { verbose: true })).toMatchObject({
      isError: true,
      structured: { error: { code: 'INVALID_ARGUMENT', message: expect.stringContaining('"verbose"') } },
    });
  });

  it('counts what runs, waits and is done', async () => {
    const raw = new RawClient({
      DOCKER_HOST: engine.dockerHost,
      MCP_DOCKER_RATE_LIMITS: 'false',
      MCP_DOCKER_MAX_CONCURRENT: '2',
    });
    await raw.initialize();
    try {
      const container = await engine.run();
      const cmd = ['sh', '-c', 'echo up; while [ ! -e /tmp/go ]; do usleep 20000; done'];
      const args = { id: container.id, cmd, stream: true };
      const ids = [raw.begin('docker_exec', args, { token: 1 }), raw.begin('docker_exec', args, { token: 2 })];
      await raw.until(({ params }) => params?.progressToken === 1 && params.message === 'up\n');
      await raw.until(({ params }) => params?.progressToken === 2 && params.message === 'up\n');
      ids.push(raw.begin('docker_exec', args));
      const pool = async () => health.parse((await raw.call('health')).structured).pool;
      await vi.waitFor(async () => expect(await pool()).toMatchObject({ queued: 1 }), { timeout: 10_000 });
      const busy = await pool();
      expect(busy).toMatchObject({ limit: 2, running: 2, queued: 1, completed: 0 });
      expect(busy.threads).toBeGreaterThan(0);
      await container.exec(['touch', '/tmp/go']);
      await Promise.all(ids.map((id) => raw.result(id)));
      expect(await pool()).toMatchObject({ limit: 2, running: 0, queued: 0, completed: 3 });
    } finally {
      await raw.close();
    }
  });
});
