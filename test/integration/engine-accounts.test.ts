import { afterAll, expect, it } from 'vitest';
import { createAccountReader } from '../../src/engine/accounts.ts';
import { createEngineClient } from '../../src/engine/client.ts';
import { toContainerId } from '../../src/protocol/ids.ts';
import { dockerText } from '../engine/cli.ts';
import type { TestContainer } from '../engine/containers.ts';
import { useEngine } from '../engine/use.ts';

const engine = useEngine();
const path = engine.dockerHost.replace('unix://', '');
const client = createEngineClient({ kind: 'unix', path, description: path, source: 'DOCKER_HOST' });

afterAll(() => client.close());

function read({ id }: TestContainer, reader = createAccountReader(client)) {
  return reader(toContainerId(id));
}

async function change(container: TestContainer, script: string): Promise<void> {
  expect((await container.exec(['sh', '-c', script])).code).toBe(0);
}

it("reads the container's own passwd and group, running or not", async () => {
  const container = await engine.run({ cmd: ['true'] });
  await dockerText(engine.docker, ['wait', container.id]);
  const { passwd, group } = await read(container);
  expect(passwd).toContain('app:x:1000:1000:');
  expect(group).toContain('extra:x:2000:app');
});

it('works where there is no shell, and finds nothing where there are no files', async () => {
  expect(await read(await engine.run({ image: 'scratch' }))).toEqual({ passwd: '', group: '' });
});

it('sees a change at once, however short the time since it last read', async () => {
  const container = await engine.run();
  const reader = createAccountReader(client);
  expect((await read(container, reader)).passwd).not.toContain('late');
  await change(container, 'echo late:x:1234:1234::/:/bin/sh >> /etc/passwd');
  expect((await read(container, reader)).passwd).toContain('late:x:1234');
  await change(container, 'rm /etc/passwd');
  expect((await read(container, reader)).passwd).toBe('');
});

it('follows links as they are inside the container, and sees a change behind them', async () => {
  const container = await engine.run();
  const reader = createAccountReader(client);
  await change(container, 'mkdir /x; mv /etc/passwd /x/p; ln -s p /x/q; ln -s /x/q /etc/passwd');
  await change(container, 'mv /etc/group /x/g; ln -s ../../../x/g /etc/group');
  const { passwd, group } = await read(container, reader);
  expect(passwd).toContain('app:x:1000:1000:');
  expect(group).toContain('extra:x:2000:app');
  await change(container, 'echo late:x:1234:1234::/:/bin/sh >> /x/p');
  expect((await read(container, reader)).passwd).toContain('late:x:1234');
});

it.each([
  ['a link to nothing', 'ln -s /nowhere /etc/passwd'],
  ['a link to a folder', 'ln -s /tmp /etc/passwd'],
  ['a folder', 'mkdir /etc/passwd'],
  ['a pipe', 'mkfifo /etc/passwd'],
])('reads nothing from %s', async (_what, make) => {
  const container = await engine.run();
  await change(container, `rm /etc/passwd; ${make}`);
  expect((await read(container)).passwd).toBe('');
});

it.each([
  ['a file behind a link that is too large to be one', 'head -c 2000000 /dev/zero > /x; ln -s /x /etc/passwd'],
  ['a link to itself', 'ln -s /etc/passwd /etc/passwd'],
])('refuses %s', async (_what, make) => {
  const container = await engine.run();
  await change(container, `rm /etc/passwd; ${make}`);
  await expect(read(container)).rejects.toMatchObject({ code: 'ENGINE_ERROR' });
});

it('refuses a file that is too large to be one', async () => {
  const container = await engine.run();
  await change(container, 'head -c 2000000 /dev/zero > /etc/passwd');
  await expect(read(container)).rejects.toMatchObject({ code: 'ENGINE_ERROR' });
});
