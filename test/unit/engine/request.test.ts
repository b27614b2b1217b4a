import { once } from 'node:events';
import { expect, it } from 'vitest';
import type { EngineClient } from '../../../src/engine/client.ts';
import { fieldsOf } from '../../../src/engine/json-fields.ts';
import type { EngineRequest } from '../../../src/engine/request.ts';
import { answeringEngine } from './answering-engine.ts';

const GET: EngineRequest = { method: 'GET', path: '/x' };
const OPERATION = { operation: 'do it' };

function text(client: EngineClient, request: EngineRequest): Promise<string> {
  return client.request(OPERATION, request, ({ body }) => body.toString());
}

it('sends a body as JSON and reads the answer', async () => {
  const { client } = await answeringEngine(async (request, response) => {
    const [body] = await once(request, 'data');
    response.writeHead(201).end(JSON.stringify({ Id: `${request.method} ${request.url} ${String(body)}` }));
  });
  const id = client.request(OPERATION, { method: 'POST', path: '/y?z=1', body: { a: 'ü' } }, (answer) =>
    fieldsOf(answer).text('Id'),
  );
  expect(await id).toBe('POST /y?z=1 {"a":"ü"}');
});

it.each(['GET', 'HEAD'] as const)('keeps its connection after %s', async (method) => {
  const { client, connections } = await answeringEngine((_, response) => {
    response.setHeader('X-Stat', 'yes');
    // Like the engine's look at a file: neither a length nor chunks.
    if (method === 'HEAD') response.removeHeader('Transfer-Encoding');
    response.end(method === 'GET' ? 'body' : undefined);
  });
  for (let n = 0; n < 3; n += 1) {
    const stat = client.request(OPERATION, { method, path: '/x' }, ({ headers }) => headers['x-stat']);
    expect(await stat).toBe('yes');
  }
  expect(connections()).toBe(1);
});

it('makes another connection where the engine closes the one of a HEAD', async () => {
  const { client, connections } = await answeringEngine((request, response) => {
    if (request.method === 'HEAD') response.setHeader('Connection', 'close');
    response.end();
  });
  await client.request(OPERATION, { method: 'HEAD', path: '/x' }, () => '');
  const command = client.request(OPERATION, { method: 'POST', path: '/x' }, () => 'done');
  expect(await command).toBe('done');
  expect(connections()).toBe(2);
});

it('reads no more than it was asked to', async () => {
  const { client } = await answeringEngine((_, response) => {
    response.on('error', () => undefined);
    const write = (): void => {
      while (!response.destroyed && response.write(Buffer.alloc(65_536, 'a')));
    };
    response.on('drain', write);
    write();
  });
  expect(await text(client, { ...GET, maxBytes: 100_000 })).toBe('a'.repeat(100_000));
});

it("tells a refusal in the engine's own words", async () => {
  const { client } = await answeringEngine((_, response) => {
    response.writeHead(404).end('{"message":"No such thing"}');
  });
  await expect(text(client, GET)).rejects.toMatchObject({ code: 'ENGINE_ERROR', message: 'No such thing' });
  const known = client.request({ ...OPERATION, meanings: { 404: 'OBJECT_NOT_FOUND' } }, GET, () => '');
  await expect(known).rejects.toMatchObject({ code: 'OBJECT_NOT_FOUND' });
});

it('tells an answer that is not what was asked for', async () => {
  const { client } = await answeringEngine((_, response) => void response.end('<html>'));
  const failure = client.request(OPERATION, GET, (answer) => fieldsOf(answer).text('Id'));
  await expect(failure).rejects.toMatchObject({ code: 'ENGINE_ERROR' });
});

it('reads again where the connection broke, and sends no command twice', async () => {
  const seen: string[] = [];
  const { client } = await answeringEngine((request, response) => {
    seen.push(request.method ?? '');
    if (seen.filter((method) => method === request.method).length === 1) request.socket.destroy();
    else response.end('well');
  });
  expect(await text(client, GET)).toBe('well');
  const command = client.request(OPERATION, { method: 'POST', path: '/x' }, () => '');
  await expect(command).rejects.toMatchObject({ code: 'ENGINE_UNREACHABLE' });
  expect(seen).toEqual(['GET', 'GET', 'POST']);
});

it('gives up on an engine that breaks every answer in its body', async () => {
  const { client, connections } = await answeringEngine((_, response) => {
    response.writeHead(200, { 'Content-Length': 100 }).write('half', () => response.destroy());
  });
  await expect(text(client, GET)).rejects.toMatchObject({ code: 'ENGINE_UNREACHABLE' });
  expect(connections()).toBe(3);
});

it('ends at the deadline of the call, in the body too', async () => {
  const { client, server } = await answeringEngine((request, response) => {
    if (request.url === '/body') response.writeHead(200).write('half');
  });
  for (const path of ['/head', '/body']) {
    const call = client.request({ ...OPERATION, deadlineMs: 50 }, { method: 'GET', path }, () => '');
    await expect(call).rejects.toMatchObject({ code: 'ENGINE_TIMEOUT' });
  }
  server.closeAllConnections();
});
