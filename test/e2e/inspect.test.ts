import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { dockerText } from '../engine/cli.ts';
import type { TestContainer } from '../engine/containers.ts';
import { useEngine } from '../engine/use.ts';
import { openServer, startServer, type TestServer } from './client.ts';
import { failure } from './results.ts';

const engine = useEngine();
const PASSWORD = 'correct-horse-battery';
const volume = `mcp-test-volume-${process.pid}`;
let server: TestServer;
let container: TestContainer;

const inspection = z.strictObject({
  kind: z.enum(['container', 'image', 'network', 'volume']),
  id: z.string(),
  object: z.record(z.string(), z.unknown()),
  redactions: z.int(),
});

beforeAll(async () => {
  server = await openServer({ env: { DOCKER_HOST: engine.dockerHost } });
  container = await engine.run({ flags: ['--env', `DB_PASSWORD=${PASSWORD}`, '--env', 'COLOUR=blue'] });
  await dockerText(engine.docker, ['volume', 'create', volume]);
});

afterAll(async () => {
  await server.close();
  await engine.docker(['volume', 'rm', volume]);
});

async function inspect(kind: string, id: string) {
  const reply = await server.call('docker_inspect', { kind, id });
  expect(reply).toMatchObject({ isError: false });
  return { ...inspection.parse(reply.structured), text: reply.text };
}

async function refusal(kind: unknown, id: unknown, from = server) {
  const reply = await from.call('docker_inspect', { kind, id });
  expect(reply.isError).toBe(true);
  return failure.parse(reply.structured).error;
}

describe('docker_inspect', () => {
  it("returns Docker's own JSON of a container by name, id and prefix, without its secrets", async () => {
    for (const id of [container.name, container.id, container.id.slice(0, 12)]) {
      const found = await inspect('container', id);
      expect(found).toMatchObject({ kind: 'container', id: container.id, redactions: 1 });
      expect(found.object).toMatchObject({
        Id: container.id,
        State: { Running: true },
        Config: { Env: expect.arrayContaining(['DB_PASSWORD=[REDACTED]', 'COLOUR=blue']) },
      });
      expect(JSON.stringify(found)).not.toContain(PASSWORD);
      expect(found.text).toContain('"COLOUR=blue"');
    }
  });

  it('returns an image', async () => {
    const id = await dockerText(engine.docker, ['image', 'inspect', '--format', '{{.Id}}', engine.image]);
    const whole = await inspect('image', engine.image);
    expect(whole).toMatchObject({ kind: 'image', id, redactions: 0, object: { Id: id, RepoTags: [engine.image] } });
    expect((await inspect('image', id)).object).toEqual(whole.object);
  });

  it('returns a network and a volume', async () => {
    const none = await inspect('network', 'none');
    expect(none).toMatchObject({ kind: 'network', redactions: 0, object: { Name: 'none', Driver: 'null' } });
    expect(none.id).toBe(none.object['Id']);
    expect(await inspect('volume', volume)).toMatchObject({ kind: 'volume', id: volume, object: { Name: volume } });
  });

  it.each([
    ['container', 'CONTAINER_NOT_FOUND'],
    ['image', 'OBJECT_NOT_FOUND'],
    ['network', 'OBJECT_NOT_FOUND'],
    ['volume', 'OBJECT_NOT_FOUND'],
  ])('says that a %s is not there', async (kind, code) => {
    expect(await refusal(kind, 'there-is-none')).toMatchObject({ code, retryable: false });
  });

  const EVIL = [
    '..',
    '.',
    '',
    '../containers/json',
    'a?all=1',
    'a//b',
    '//',
    'a/../b',
    'a#b',
    'a b',
    'a%2e',
    'a\0',
    5,
    null,
  ];
  it.each(['container', 'image', 'network', 'volume'])(
    'takes no id of a %s that would be another path',
    async (kind) => {
      for (const id of EVIL) {
        expect(await refusal(kind, id), String(id)).toMatchObject({
          code: 'INVALID_ARGUMENT',
          message: expect.stringMatching(/\bid\b/),
        });
      }
    },
  );

  it('knows four kinds', async () => {
    expect(await refusal('secret', 'x')).toMatchObject({
      code: 'INVALID_ARGUMENT',
      message: expect.stringMatching(/kind/),
    });
  });

  it('keeps to the allowed containers', async () => {
    const restricted = await startServer({
      env: { DOCKER_HOST: engine.dockerHost, MCP_DOCKER_ALLOWED_CONTAINERS: 'nothing-*' },
    });
    expect(await refusal('container', container.id, restricted)).toMatchObject({
      code: 'POLICY_DENIED',
      message: expect.stringMatching(/containers\.allowed/),
    });
  });
});
