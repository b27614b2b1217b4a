import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type FakeEngine, startFakeEngine } from '../../fake-engine/engine.ts';
import { openServer, type TestServer } from '../client.ts';
import { execReply } from '../results.ts';
import { untilSeen } from '../witness.ts';

const PRELOAD = fileURLToPath(new URL('dying-thread.mjs', import.meta.url));
const WAYS = ['throw', 'reject', 'exit'] as const;

let folder: string;
let engine: FakeEngine;
let server: TestServer;
let deaths: net.Server;
/** A connection of each worker that lives, by which it can be struck. */
const workers = new Set<net.Socket>();

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'deaths-'));
  const path = join(folder, 'deaths.sock');
  deaths = net.createServer((socket) => {
    workers.add(socket);
    socket.on('error', () => undefined);
    socket.once('close', () => workers.delete(socket));
  });
  deaths.listen(path);
  await once(deaths, 'listening');
  engine = await startFakeEngine();
  const env = { DOCKER_HOST: engine.dockerHost, NODE_OPTIONS: `--import=${PRELOAD}`, DEATH_SOCKET: path };
  server = await openServer({ env });
});

afterAll(async () => {
  await server.close();
  await engine.stop();
  deaths.close();
  await rm(folder, { recursive: true });
});

async function strike(way: (typeof WAYS)[number]): Promise<void> {
  const struck = [...workers];
  expect(struck).not.toEqual([]);
  for (const socket of struck) socket.write(way);
  await Promise.all(struck.map((socket) => once(socket, 'close')));
}

function begin() {
  return server.call('docker_exec', { id: engine.run({ ends: false }).id, cmd: ['true'] });
}

async function expectServing(): Promise<void> {
  const reply = await server.call('docker_exec', { id: engine.run().id, cmd: ['true'] });
  expect(execReply(reply)).toMatchObject({ outcome: 'exited', exitCode: 0, stdout: 'hello\n' });
}

describe.each(WAYS)('a worker thread that dies (%s)', (way) => {
  it('takes its runs with it, which are lost, and nothing else', async () => {
    const runs = [begin(), begin(), begin()];
    await untilSeen(
      async () => engine.unfinished(),
      (open) => open === 3,
    );
    await strike(way);
    for (const run of runs) {
      expect(execReply(await run)).toMatchObject({ outcome: 'lost', exitCode: null, termination: 'unknown' });
    }
    await expectServing();
    expect((await server.call('health')).structured).toMatchObject({ pool: { running: 0, queued: 0 } });
  });

  it('while it has nothing to do takes nothing with it', async () => {
    await expectServing();
    await strike(way);
    // A run that is handed over before its death is known is lost with it; none of them may be the last.
    await untilSeen(
      () => server.call('docker_exec', { id: engine.run().id, cmd: ['true'] }),
      (reply) => execReply(reply).outcome === 'exited',
    );
  });
});
