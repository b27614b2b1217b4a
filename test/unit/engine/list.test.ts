import { expect, it } from 'vitest';
import type { EngineClient } from '../../../src/engine/client.ts';
import { listContainers } from '../../../src/engine/list.ts';
import { answeringEngine } from './answering-engine.ts';

const CONTAINER = {
  Id: 'a'.repeat(64),
  Names: ['/web'],
  Image: 'nginx',
  Created: 1_772_366_400,
  State: 'running',
  Status: 'Up 2 hours',
};

/** An engine that has these containers: the tests' own has no network that could publish ports. */
async function engineWith(containers: readonly object[]): Promise<EngineClient> {
  const { client } = await answeringEngine((_request, response) => {
    response.setHeader('Content-Type', 'application/json').end(JSON.stringify(containers));
  });
  return client;
}

async function only(container: object) {
  const [found] = await listContainers(await engineWith([{ ...CONTAINER, ...container }]), false);
  return found;
}

it.each([
  [{ PrivatePort: 80, Type: 'tcp' }, '80/tcp'],
  [{ PrivatePort: 53, PublicPort: 0, Type: 'udp' }, '53/udp'],
  [{ IP: '127.0.0.1', PrivatePort: 80, PublicPort: 8080, Type: 'tcp' }, '127.0.0.1:8080->80/tcp'],
  [{ IP: '0.0.0.0', PrivatePort: 80, PublicPort: 80, Type: 'tcp' }, '0.0.0.0:80->80/tcp'],
  [{ IP: '::', PrivatePort: 443, PublicPort: 8443, Type: 'tcp' }, '[::]:8443->443/tcp'],
])('shows the port %j as docker ps does', async (port, text) => {
  expect(await only({ Ports: [port] })).toMatchObject({ ports: [text] });
});

it.each([
  ['Up 2 hours (healthy)', 'healthy'],
  ['Up 2 hours (unhealthy)', 'unhealthy'],
  ['Up 1 second (health: starting)', 'starting'],
  ['Up 2 hours (Paused)', undefined],
  ['Exited (0) 2 hours ago', undefined],
])('reads health from the status %j', async (Status, health) => {
  expect((await only({ Status }))?.health).toBe(health);
});

it('takes the name of its own among names that links gave', async () => {
  expect(await only({ Names: ['/proxy/web', '/web'] })).toMatchObject({ name: 'web', names: ['proxy/web', 'web'] });
});

it('has what an engine leaves out as empty', async () => {
  expect(await only({ Names: null, Ports: null, Labels: null })).toMatchObject({ name: '', ports: [], labels: {} });
});
