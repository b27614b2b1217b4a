import { afterAll, expect, it } from 'vitest';
import { createEngineClient } from '../../src/engine/client.ts';
import { createContainerLookup } from '../../src/engine/lookup.ts';
import { dockerText } from '../engine/cli.ts';
import { useEngine } from '../engine/use.ts';

const engine = useEngine();
const path = engine.dockerHost.replace('unix://', '');
const client = createEngineClient({ kind: 'unix', path, description: path, source: 'DOCKER_HOST' });

afterAll(() => client.close());

it('finds what a name stands for now, with the account files of that container', async () => {
  const find = createContainerLookup(client);
  const [first, second] = [await engine.run(), await engine.run({ image: 'scratch' })];
  const before = await find(first.name);
  expect(before.container.id).toBe(first.id);
  expect((await before.accounts()).passwd).toContain('app:x:1000');
  await dockerText(engine.docker, ['rename', first.name, `${first.name}-old`]);
  await dockerText(engine.docker, ['rename', second.name, first.name]);
  const after = await find(first.name);
  expect(after.container.id).toBe(second.id);
  expect(await after.accounts()).toEqual({ passwd: '', group: '' });
});

it('sees a change of a file between two lookups', async () => {
  const find = createContainerLookup(client);
  const container = await engine.run();
  await (await find(container.id)).accounts();
  await container.exec(['sh', '-c', 'echo late:x:1234:1234::/:/bin/sh >> /etc/passwd']);
  expect((await (await find(container.id)).accounts()).passwd).toContain('late:x:1234');
});

it('tells that a container it knew is gone', async () => {
  const find = createContainerLookup(client);
  const container = await engine.run();
  await find(container.name);
  await container.remove();
  await expect(find(container.name)).rejects.toMatchObject({ code: 'CONTAINER_NOT_FOUND' });
});
