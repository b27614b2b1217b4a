import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { dockerText } from '../engine/cli.ts';
import type { TestContainer } from '../engine/containers.ts';
import { useEngine } from '../engine/use.ts';
import { openServer, startServer, type TestServer } from './client.ts';

const engine = useEngine();
let server: TestServer;
let running: TestContainer;
let stopped: TestContainer;

const listing = z.strictObject({
  containers: z.array(
    z.strictObject({
      id: z.string().regex(/^[0-9a-f]{64}$/),
      name: z.string(),
      names: z.array(z.string()),
      image: z.string(),
      state: z.string(),
      status: z.string(),
      health: z.string().optional(),
      created: z.iso.datetime(),
      ports: z.array(z.string()),
      labels: z.record(z.string(), z.string()),
    }),
  ),
  total: z.int(),
});

beforeAll(async () => {
  server = await openServer({ env: { DOCKER_HOST: engine.dockerHost } });
  [running, stopped] = await Promise.all([
    engine.run({ flags: ['--label', 'team=blue', '--label', 'api_token=hunter2'] }),
    engine.run({ cmd: ['true'] }),
  ]);
  await dockerText(engine.docker, ['wait', stopped.id]);
});

afterAll(() => server.close());

async function list(args: Readonly<Record<string, unknown>> = {}, from = server) {
  const reply = await from.call('docker_ps', args);
  expect(reply.isError).toBe(false);
  const { containers, total } = listing.parse(reply.structured);
  expect(total).toBe(containers.length);
  return { containers, text: reply.text };
}

async function names(args: Readonly<Record<string, unknown>>, from = server): Promise<string[]> {
  return (await list(args, from)).containers.map(({ name }) => name);
}

describe('docker_ps', () => {
  it('lists running containers, and with all every one', async () => {
    expect(await names({})).toContain(running.name);
    expect(await names({})).not.toContain(stopped.name);
    expect(await names({ all: true })).toEqual(expect.arrayContaining([running.name, stopped.name]));
  });

  it('finds by a part of the name', async () => {
    const part = running.name.slice(3, -1);
    expect(await names({ name: part })).toEqual([running.name]);
    expect(await names({ name: stopped.name })).toEqual([]);
    expect(await names({ name: stopped.name, all: true })).toEqual([stopped.name]);
    expect(await names({ name: '.*' })).toEqual([]);
  });

  it('says what is known of each, in the result and in its text', async () => {
    const { containers, text } = await list({ name: running.name });
    expect(containers).toEqual([
      expect.objectContaining({
        id: running.id,
        name: running.name,
        names: [running.name],
        image: engine.image,
        state: 'running',
        status: expect.stringMatching(/^Up /),
        ports: [],
        labels: expect.objectContaining({ team: 'blue', api_token: '[REDACTED]' }),
      }),
    ]);
    expect(containers[0]).not.toHaveProperty('health');
    for (const part of [running.id.slice(0, 12), running.name, engine.image]) expect(text).toContain(part);
    expect(text).toMatch(/^1 container$/m);
    expect(JSON.parse(text.slice(text.indexOf('\n{') + 1))).toEqual({ containers, total: 1 });
  });

  it('says when each was created, in RFC 3339', async () => {
    const { containers } = await list({ name: running.name });
    const created = await dockerText(engine.docker, ['inspect', '--format', '{{.Created}}', running.id]);
    expect(containers[0]?.created).toBe(`${created.slice(0, 19)}.000Z`);
  });

  it('says how healthy a container is, where it says so itself', async () => {
    const checked = await engine.run({
      flags: ['--health-cmd', 'test -e /tmp/well', '--health-interval', '100ms', '--health-retries', '1'],
    });
    const health = async () => (await list({ name: checked.name })).containers[0]?.health;
    await vi.waitFor(async () => expect(await health()).toBe('unhealthy'), { timeout: 10_000 });
    await checked.exec(['touch', '/tmp/well']);
    await vi.waitFor(async () => expect(await health()).toBe('healthy'), { timeout: 10_000 });
  });

  it('shows no others than the allowed ones', async () => {
    const byName = await startServer({
      env: { DOCKER_HOST: engine.dockerHost, MCP_DOCKER_ALLOWED_CONTAINERS: `${running.name.slice(0, -2)}*` },
    });
    expect(await names({ all: true }, byName)).toEqual([running.name]);
    const byLabel = await startServer({
      env: { DOCKER_HOST: engine.dockerHost, MCP_DOCKER_ALLOWED_CONTAINERS: 'label:team=blue' },
    });
    expect(await names({ all: true }, byLabel)).toEqual([running.name]);
  });
});
