import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freePort } from '../../engine/port.ts';
import { ensureSshPrograms } from '../../engine/prerequisites.ts';
import { openServer } from '../client.ts';
import type { ServerEnvironment } from '../server-process.ts';

const sockets = new Set<net.Socket>();
const servers: net.Server[] = [];
let folder: string;
let port: number;

/** Accepts every connection and says nothing on any. */
async function listenSilently(at: net.ListenOptions): Promise<void> {
  const server = net.createServer((socket) => sockets.add(socket.on('error', () => undefined).resume()));
  servers.push(server.listen(at));
  await once(server, 'listening');
}

beforeAll(async () => {
  ensureSshPrograms();
  folder = mkdtempSync(join(tmpdir(), 'silent-'));
  port = await freePort();
  await listenSilently({ host: '127.0.0.1', port });
  await listenSilently({ path: join(folder, 'silent.sock') });
});

afterAll(() => {
  for (const socket of sockets) socket.destroy();
  for (const server of servers) server.close();
  rmSync(folder, { recursive: true });
});

async function timed<T>(call: Promise<T>): Promise<{ readonly reply: T; readonly ms: number }> {
  const begun = performance.now();
  const reply = await call;
  return { reply, ms: performance.now() - begun };
}

const CALLS = [
  ['docker_ps', {}],
  ['docker_exec', { id: 'any', cmd: ['true'] }],
  ['docker_logs', { id: 'any' }],
] as const;

async function expectDeadlines(env: ServerEnvironment): Promise<void> {
  const server = await openServer({ env });
  const calls = CALLS.map(([tool, args]) => timed(server.call(tool, args)));
  const health = await timed(server.call('health'));
  expect(health.reply.structured).toMatchObject({ status: 'unhealthy', engine: { reachable: false } });
  expect(health.ms).toBeLessThan(2_000);
  for (const { reply, ms } of await Promise.all(calls)) {
    expect(reply.structured).toMatchObject({ error: { code: 'ENGINE_TIMEOUT' } });
    expect(ms).toBeGreaterThan(9_900);
    expect(ms).toBeLessThan(12_000);
  }
  await server.close();
}

// Each waits for the deadline, so all of them wait at the same time.
describe('somebody who accepts connections and says nothing costs health less than 2 s and a call 10 s', () => {
  it.concurrent.each([
    ['a unix socket', () => `unix://${folder}/silent.sock`],
    ['TCP', () => `tcp://127.0.0.1:${port}`],
    ['TLS', () => `https://127.0.0.1:${port}`],
    ['ssh', () => `ssh://127.0.0.1:${port}`],
  ])('%s', (_what, address) => expectDeadlines({ DOCKER_HOST: address() }));
});
