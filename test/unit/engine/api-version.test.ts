import type { IncomingMessage, ServerResponse } from 'node:http';
import { describe, expect, it } from 'vitest';
import { answeringEngine } from './answering-engine.ts';

interface Engine {
  /** As its answers state it; undefined: they do not. */
  version: string | undefined;
  /** Of the answer to a ping. */
  readonly pingStatus?: number;
}

/** An engine of one version, that refuses every newer one, and what it was asked. */
async function engineOf(engine: Engine) {
  const asked: string[] = [];
  const stage = await answeringEngine(
    (request: IncomingMessage, response: ServerResponse) => {
      const path = request.url ?? '';
      asked.push(path);
      if (engine.version !== undefined) response.setHeader('Api-Version', engine.version);
      const refusal = refusalOf(path, engine.version);
      if (path === '/_ping') response.writeHead(engine.pingStatus ?? 200).end('OK');
      else if (refusal === undefined) response.end('{}');
      else response.writeHead(400).end(JSON.stringify({ message: refusal }));
    },
    { pings: true },
  );
  return { ...stage, asked };
}

function refusalOf(path: string, most: string | undefined): string | undefined {
  const asked = /^\/v1\.(\d+)\//.exec(path)?.[1];
  if (asked === undefined || most === undefined || Number(asked) <= Number(most.split('.')[1])) return undefined;
  return `client version 1.${asked} is too new. Maximum supported API version is ${most}`;
}

const READ = { method: 'GET', path: '/things' } as const;
const LOOK = { method: 'HEAD', path: '/things' } as const;
const CREATE = { method: 'POST', path: '/things', body: {} } as const;
const SINK = { data: () => true, end: () => undefined, error: () => undefined };

describe('the API version', () => {
  it('is the engine’s, asked for once', async () => {
    const { client, asked } = await engineOf({ version: '1.41' });
    await client.request({ operation: 'read' }, READ, () => undefined);
    await client.request({ operation: 'create' }, CREATE, () => undefined);
    expect(asked).toEqual(['/_ping', '/v1.41/things', '/v1.41/things']);
  });

  it('is never newer than what this server was tested with', async () => {
    const { client, asked } = await engineOf({ version: '1.99' });
    await client.request({ operation: 'read' }, READ, () => undefined);
    expect(asked[1]).toMatch(/^\/v1\.[4-8]\d\/things$/);
  });

  it.each([
    ['none', { version: undefined }],
    ['no number', { version: 'newest' }],
    ['none to those who may not ping', { version: undefined, pingStatus: 403 }],
  ])('is left out where the engine states %s', async (_, engine) => {
    const { client, asked } = await engineOf(engine);
    await client.request({ operation: 'read' }, READ, () => undefined);
    expect(asked).toEqual(['/_ping', '/things']);
  });

  it('holds for streams and for what goes through dockerode', async () => {
    const { client, asked } = await engineOf({ version: '1.43' });
    const stream = { method: 'GET', path: '/stream', body: '', mode: 'http1.0' } as const;
    (await client.stream(stream, SINK, AbortSignal.timeout(5_000))).destroy();
    await client.read({ operation: 'list' }, (docker, abortSignal) => docker.listImages({ abortSignal }));
    expect(asked).toEqual(['/_ping', '/v1.43/stream', '/v1.43/images/json']);
  });

  it('is asked for again where another engine listens by now, and nothing is lost', async () => {
    const engine: Engine = { version: '1.51' };
    const { client, asked } = await engineOf(engine);
    await client.request({ operation: 'create' }, CREATE, () => undefined);
    engine.version = '1.41';
    await client.request({ operation: 'create' }, CREATE, () => undefined);
    expect(asked.slice(2)).toEqual(['/v1.51/things', '/_ping', '/v1.41/things']);
  });

  it('is asked for again where the answer to a HEAD refuses it, which has no words', async () => {
    const engine: Engine = { version: '1.51' };
    const { client, asked } = await engineOf(engine);
    await client.request({ operation: 'look' }, LOOK, () => undefined);
    engine.version = '1.41';
    await client.request({ operation: 'look' }, LOOK, () => undefined);
    expect(asked.slice(2)).toEqual(['/v1.51/things', '/_ping', '/v1.41/things']);
  });

  it('is asked for again, and nothing is sent twice to an engine that states the same', async () => {
    const { client, asked } = await answersOnly(400, 'client version 1.41 is too old');
    const failing = client.request({ operation: 'create' }, CREATE, () => undefined);
    await expect(failing).rejects.toMatchObject({ code: 'ENGINE_ERROR', message: 'client version 1.41 is too old' });
    expect(asked).toEqual(['/_ping', '/things', '/_ping']);
  });

  it('is waited for no longer than for what it is asked for', async () => {
    const { client, server } = await answeringEngine(() => undefined, { pings: true });
    const stream = { method: 'GET', path: '/stream', body: '', mode: 'http1.0' } as const;
    const reason = new Error('too late');
    await expect(client.stream(stream, SINK, AbortSignal.abort(reason))).rejects.toBe(reason);
    const late = AbortSignal.timeout(50);
    await expect(client.stream(stream, SINK, late)).rejects.toMatchObject({ name: 'TimeoutError' });
    server.closeAllConnections();
  });
});

async function answersOnly(status: number, message: string) {
  const asked: string[] = [];
  const stage = await answeringEngine(
    (request, response) => {
      asked.push(request.url ?? '');
      response.writeHead(status).end(JSON.stringify({ message }));
    },
    { pings: true },
  );
  return { ...stage, asked };
}
