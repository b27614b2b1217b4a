import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { dockerText } from '../engine/cli.ts';
import type { TestContainer } from '../engine/containers.ts';
import { useEngine } from '../engine/use.ts';
import { streamed } from './chunks.ts';
import { type RawClient, type RequestId, startRaw } from './raw-client.ts';
import { execReply, failure } from './results.ts';
import { countOf, fileIn, pool, untilPool, untilSeen } from './witness.ts';

const engine = useEngine();
let box: TestContainer;

beforeAll(async () => {
  box = await engine.run();
});

beforeEach(async () => {
  await box.exec(['sh', '-c', 'rm -rf /tmp/jobs; mkdir -m 777 /tmp/jobs']);
});

const start = (env: Readonly<Record<string, string>>): Promise<RawClient> =>
  startRaw({ env: { DOCKER_HOST: engine.dockerHost, MCP_DOCKER_KILL_GRACE_MS: '200', ...env } });

const begin = (client: RawClient, script: string): RequestId =>
  client.begin('docker_exec', { id: box.name, cmd: ['sh', '-c', script], user: '1000' });

/** Runs until the test says so, and leaves its name behind. */
const waiting = (name: string): string =>
  `echo ${name} >> /tmp/jobs/started; until [ -e /tmp/jobs/go ] || [ -e /tmp/jobs/go-${name} ]; do sleep 0.05; done`;

const go = (name = ''): Promise<unknown> => box.exec(['touch', `/tmp/jobs/go${name === '' ? '' : `-${name}`}`]);

const startedNames = async (): Promise<string[]> =>
  (await fileIn(box, '/tmp/jobs/started')).split('\n').filter(Boolean);

const codeOf = async (client: RawClient, id: RequestId): Promise<string> =>
  failure.parse((await client.result(id)).structured).error.code;

describe('MCP_DOCKER_MAX_CONCURRENT', () => {
  it('is the number that runs at once, exactly', async () => {
    const client = await start({ MCP_DOCKER_MAX_CONCURRENT: '2' });
    // Each run notes how many run beside it: a directory a run, counted by itself.
    const script =
      'count() { set -- /tmp/jobs/[0-9]*; echo $# >> /tmp/jobs/counts; }; mkdir /tmp/jobs/$$; count; sleep 0.2; count; rmdir /tmp/jobs/$$';
    const ids = Array.from({ length: 10 }, () => begin(client, script));
    for (const id of ids) expect(execReply(await client.result(id))).toMatchObject({ exitCode: 0, stderr: '' });
    const counts = (await fileIn(box, '/tmp/jobs/counts')).trim().split('\n').map(Number);
    expect(counts).toHaveLength(20);
    expect(Math.max(...counts)).toBe(2);
    expect(await pool(client)).toMatchObject({ limit: 2, running: 0, queued: 0, completed: 10 });
  });

  it('is never passed nor left unused while some wait', async () => {
    const client = await start({ MCP_DOCKER_MAX_CONCURRENT: '3' });
    const ids = ['a', 'b', 'c', 'd'].map((name) => begin(client, waiting(name)));
    await untilPool(client, { running: 3, queued: 1 });
    expect(await untilSeen(startedNames, (names) => names.length === 3)).toHaveLength(3);
    const [first = ''] = await startedNames();
    await go(first);
    expect(await untilSeen(startedNames, (names) => names.length === 4)).toHaveLength(4);
    await go();
    for (const id of ids) expect(execReply(await client.result(id)).exitCode).toBe(0);
  });

  it('is counted apart for log streams: followed logs take no place of an exec', async () => {
    const client = await start({ MCP_DOCKER_MAX_CONCURRENT: '1' });
    const chatty = await engine.run({ cmd: ['sh', '-c', 'echo hello; exec sleep 3600'] });
    const log = client.begin('docker_logs', { id: chatty.name, follow: true }, { token: 'log' });
    await client.until(({ params }) => params?.progressToken === 'log');
    expect(execReply(await client.result(begin(client, 'echo free')))).toMatchObject({ stdout: 'free\n' });
    client.cancel(log);
  });

  it('is counted apart for execs: they take no place of a log stream', async () => {
    const client = await start({ MCP_DOCKER_MAX_CONCURRENT: '1' });
    const chatty = await engine.run({ cmd: ['sh', '-c', 'echo hello; exec sleep 3600'] });
    const running = begin(client, waiting('one'));
    await untilPool(client, { running: 1, queued: 0 });
    const log = await client.call('docker_logs', { id: chatty.name });
    expect(log).toMatchObject({ isError: false, structured: { stdout: 'hello\n' } });
    await go();
    await client.result(running);
  });
});

describe('the queue', () => {
  it('is first in, first out', async () => {
    const client = await start({ MCP_DOCKER_MAX_CONCURRENT: '1' });
    const first = begin(client, waiting('0'));
    await untilPool(client, { running: 1, queued: 0 });
    const names = ['1', '2', '3', '4', '5'];
    const rest: RequestId[] = [];
    for (const name of names) {
      rest.push(begin(client, waiting(name)));
      await untilPool(client, { running: 1, queued: rest.length });
    }
    await go();
    for (const id of [first, ...rest]) await client.result(id);
    expect(await startedNames()).toEqual(['0', ...names]);
  });

  it('keeps the order in which calls came, also of calls that came at once', async () => {
    const client = await start({ MCP_DOCKER_MAX_CONCURRENT: '1' });
    // A container looked at for the first time: its account files are fetched, while those of the other are known.
    const fresh = await engine.run();
    const names = Array.from({ length: 24 }, (_, index) => String(index));
    const ids = names.map((name, index) => {
      const id = index % 3 === 0 ? fresh.name : box.name;
      return client.begin('docker_exec', { id, cmd: ['echo', name], user: '1000' });
    });
    const ended: string[] = [];
    await Promise.all(
      ids.map(async (id) => {
        const { stdout } = execReply(await client.result(id));
        ended.push(stdout.trim());
      }),
    );
    expect(ended).toEqual(names);
  });

  it('refuses with QUEUE_FULL what is one too many, and nothing of it runs', async () => {
    const client = await start({ MCP_DOCKER_MAX_CONCURRENT: '1', MCP_DOCKER_MAX_QUEUE: '1' });
    const running = begin(client, waiting('running'));
    await untilPool(client, { running: 1, queued: 0 });
    const queued = begin(client, waiting('queued'));
    await untilPool(client, { running: 1, queued: 1 });
    const refused = await client.result(begin(client, waiting('refused')));
    expect(refused.isError).toBe(true);
    expect(failure.parse(refused.structured).error).toMatchObject({ code: 'QUEUE_FULL', retryable: true });
    await go();
    for (const id of [running, queued]) expect(execReply(await client.result(id)).exitCode).toBe(0);
    expect(await startedNames()).toEqual(['running', 'queued']);
  });

  it('refuses at once where it has no places at all', async () => {
    const client = await start({ MCP_DOCKER_MAX_CONCURRENT: '1', MCP_DOCKER_MAX_QUEUE: '0' });
    const running = begin(client, waiting('running'));
    await untilPool(client, { running: 1, queued: 0 });
    expect(await codeOf(client, begin(client, 'true'))).toBe('QUEUE_FULL');
    await go();
    await client.result(running);
    expect(execReply(await client.result(begin(client, 'echo again'))).stdout).toBe('again\n');
  });

  it('is left by a call that is cancelled while it waits: its place is free, and nothing of it runs', async () => {
    const client = await start({ MCP_DOCKER_MAX_CONCURRENT: '1', MCP_DOCKER_MAX_QUEUE: '1' });
    const running = begin(client, waiting('running'));
    await untilPool(client, { running: 1, queued: 0 });
    const cancelled = begin(client, waiting('cancelled'));
    await untilPool(client, { running: 1, queued: 1 });
    client.cancel(cancelled);
    await untilPool(client, { running: 1, queued: 0 });
    const next = begin(client, waiting('next'));
    await untilPool(client, { running: 1, queued: 1 });
    await go();
    for (const id of [running, next]) expect(execReply(await client.result(id)).exitCode).toBe(0);
    expect(await startedNames()).toEqual(['running', 'next']);
    expect(client.messages.filter(({ id }) => id === cancelled)).toEqual([]);
  });

  it('gives the place of a run that is cancelled to the next', async () => {
    const client = await start({ MCP_DOCKER_MAX_CONCURRENT: '1' });
    const running = begin(client, `sleep 90000 & ${waiting('running')}`);
    await untilPool(client, { running: 1, queued: 0 });
    const next = begin(client, waiting('next'));
    await untilPool(client, { running: 1, queued: 1 });
    client.cancel(running);
    await untilSeen(startedNames, (names) => names.includes('next'));
    expect(await countOf(box, 'sleep 90000')).toBe(0);
    await go();
    expect(execReply(await client.result(next)).exitCode).toBe(0);
  });
});

describe('a call whose container', () => {
  it.each([
    ['paused', 'pause', 'CONTAINER_PAUSED', 'docker unpause'],
    ['stopped', 'kill', 'CONTAINER_NOT_RUNNING', 'docker start'],
  ])('is %s while it waits in the queue says so', async (_state, order, code, hint) => {
    const client = await start({ MCP_DOCKER_MAX_CONCURRENT: '1' });
    const other = await engine.run();
    const running = begin(client, waiting('running'));
    await untilPool(client, { running: 1, queued: 0 });
    const queued = client.begin('docker_exec', { id: other.name, cmd: ['echo', 'ran'], user: '1000' });
    await untilPool(client, { running: 1, queued: 1 });
    await dockerText(engine.docker, [order, other.id]);
    await go();
    expect(execReply(await client.result(running)).exitCode).toBe(0);
    const { isError, structured } = await client.result(queued);
    expect(isError).toBe(true);
    expect(failure.parse(structured).error).toMatchObject({
      code,
      message: expect.stringContaining(other.name),
      hint: expect.stringContaining(`${hint} ${other.name}`),
    });
  });
});

describe('many calls at once', () => {
  it('each get their own output', async () => {
    const client = await start({ MCP_DOCKER_MAX_CONCURRENT: '8' });
    const calls = Array.from({ length: 24 }, (_, index) => ({
      index,
      id: client.begin(
        'docker_exec',
        { id: box.name, cmd: ['sh', '-c', `yes ${index} | head -n 5000`], user: '1000', stream: true, chunkBytes: 256 },
        { token: index },
      ),
    }));
    for (const { index, id } of calls) {
      const expected = `${index}\n`.repeat(5000);
      expect(execReply(await client.result(id)).stdout).toBe(expected);
      expect(streamed(client, index, id, 256).text('stdout')).toBe(expected);
    }
  });
});
