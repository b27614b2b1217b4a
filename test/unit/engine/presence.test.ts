import { beforeEach, expect, it } from 'vitest';
import { createEngineFinder, type FindEngine } from '../../../src/engine/presence.ts';
import { answeringEngine } from './answering-engine.ts';

const PATIENCE_MS = 1_000;

let asked: string[];
let server: string | undefined;
let find: FindEngine;

/** An engine whose version is the one its Server header names. */
beforeEach(async () => {
  asked = [];
  server = 'Docker/20.10.24 (linux)';
  const { client } = await answeringEngine(
    (request, response) => {
      asked.push(request.url ?? '');
      if (server !== undefined) response.setHeader('Server', server);
      response.setHeader('Api-Version', '1.41');
      response.end(JSON.stringify({ Version: server ?? 'none', ApiVersion: '1.41', Os: 'linux', Arch: 'amd64' }));
    },
    { pings: true },
  );
  find = createEngineFinder(client);
});

it('asks for the version once, and then only whether the engine is there', async () => {
  const found = { version: 'Docker/20.10.24 (linux)', apiVersion: '1.41', os: 'linux', arch: 'amd64' };
  expect(await find(PATIENCE_MS)).toEqual(found);
  expect(await find(PATIENCE_MS)).toEqual(found);
  expect(asked).toEqual(['/_ping', '/v1.41/version', '/_ping']);
});

it('asks again when another engine answers', async () => {
  await find(PATIENCE_MS);
  server = 'Docker/29.0.0 (linux)';
  expect(await find(PATIENCE_MS)).toMatchObject({ version: 'Docker/29.0.0 (linux)' });
});

it('asks each time where the engine does not say what it is', async () => {
  server = undefined;
  await find(PATIENCE_MS);
  await find(PATIENCE_MS);
  expect(asked).toEqual(['/_ping', '/v1.41/version', '/_ping', '/v1.41/version']);
});
