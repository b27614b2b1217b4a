import { beforeAll, describe, expect, it } from 'vitest';
import { dockerText } from '../engine/cli.ts';
import type { TestContainer } from '../engine/containers.ts';
import { useEngine } from '../engine/use.ts';
import { auditFile } from './audit-file.ts';
import { startServer } from './client.ts';
import { type RawClient, type RequestId, startRaw } from './raw-client.ts';
import { execReply } from './results.ts';
import { countOf, untilSeen } from './witness.ts';

const engine = useEngine();
let box: TestContainer;
let marks = 0;

beforeAll(async () => {
  box = await engine.run();
});

const start = (env: Readonly<Record<string, string>> = {}): Promise<RawClient> =>
  startRaw({ env: { DOCKER_HOST: engine.dockerHost, MCP_DOCKER_KILL_GRACE_MS: '300', ...env } });

/** A number of seconds that is found again in the list of processes. */
function mark(): string {
  marks += 1;
  return String(90_000 + marks);
}

const begin = (client: RawClient, script: string, more: Readonly<Record<string, unknown>> = {}, id?: RequestId) =>
  client.begin(
    'docker_exec',
    { id: box.name, cmd: ['sh', '-c', script], user: '1000', ...more },
    id === undefined ? {} : { id },
  );

const alive = (word: string, count: number): Promise<number> =>
  untilSeen(
    () => countOf(box, `sleep ${word}`),
    (seen) => seen >= count,
  );

describe('timeoutMs', () => {
  it('lets a command that minds TERM tidy up, and keeps what that prints', async () => {
    const client = await start({ MCP_DOCKER_KILL_GRACE_MS: '5000' });
    const script = `trap 'echo tidy; exit 0' TERM; echo before; while :; do sleep 0.05; done`;
    const result = execReply(await client.result(begin(client, script, { timeoutMs: 500 })));
    expect(result).toMatchObject({ outcome: 'timeout', termination: 'killed', stdout: 'before\ntidy\n' });
    expect(result.durationMs).toBeLessThan(5000);
  });

  it('kills a command that writes as fast as it can, and says what it wrote', async () => {
    const client = await start({ MCP_DOCKER_MAX_BYTES: '1024' });
    const result = execReply(await client.result(begin(client, 'yes firehose-of-bytes', { timeoutMs: 600 })));
    expect(result).toMatchObject({ outcome: 'timeout', termination: 'killed', truncated: true });
    expect(result.stdoutBytes).toBeGreaterThan(1024);
    expect(await countOf(box, 'yes firehose')).toBe(0);
  });

  it('touches no other run of the same user in the container', async () => {
    const client = await start();
    const [kept, killed] = [mark(), mark()];
    const other = begin(client, `sleep ${kept} & wait`);
    await alive(kept, 1);
    const result = execReply(await client.result(begin(client, `sleep ${killed}`, { timeoutMs: 700 })));
    expect(result).toMatchObject({ outcome: 'timeout', termination: 'killed' });
    expect([await countOf(box, `sleep ${kept}`), await countOf(box, `sleep ${killed}`)]).toEqual([1, 0]);
    client.cancel(other);
    await untilSeen(
      () => countOf(box, `sleep ${kept}`),
      (count) => count === 0,
    );
  });

  it('that is longer than the command changes nothing', async () => {
    const result = execReply(
      await (await start()).call('docker_exec', { id: box.name, cmd: ['echo', 'a'], timeoutMs: 86_400_000 }),
    );
    expect(result).toMatchObject({ outcome: 'exited', exitCode: 0, termination: 'none' });
  });

  it('is MCP_DOCKER_TIMEOUT_MS where a call does not say, and the call’s where it does', async () => {
    const client = await start({ MCP_DOCKER_TIMEOUT_MS: '400' });
    expect(execReply(await client.result(begin(client, 'sleep 60')))).toMatchObject({ outcome: 'timeout' });
    expect(execReply(await client.result(begin(client, 'sleep 1', { timeoutMs: 20_000 })))).toMatchObject({
      exitCode: 0,
    });
  });

  it.each<[string, (word: string) => { cmd: string[]; env?: string[] }]>([
    ['emptied its environment', (word) => ({ cmd: ['env', '-i', 'sleep', word] })],
    ['overwrote the mark it is found by', (word) => ({ cmd: ['sleep', word], env: ['MCP_DOCKER_EXEC_ID=x'] })],
  ])('kills a command that %s, and says killed of nothing that lives', async (_name, command) => {
    const client = await start();
    const word = mark();
    const args = { id: box.name, user: '1000', timeoutMs: 500, ...command(word) };
    const { outcome, termination } = execReply(await client.call('docker_exec', args));
    const top = await dockerText(engine.docker, ['top', box.id, '-eo', 'pid,args']);
    expect({ outcome, termination, alive: top.includes(`sleep ${word}`) }).toEqual({
      outcome: 'timeout',
      termination: 'killed',
      alive: false,
    });
  });
});

describe('a cancelled call', () => {
  it.each<[string, RequestId]>([
    ['a number', 77],
    ['0', 0],
    ['a string', 'request-a'],
  ])('is killed, gets no reply and has its end in the audit: request id %s', async (_name, id) => {
    const audit = auditFile();
    const client = await start(audit.env);
    const word = mark();
    begin(client, `sleep ${word} & sleep ${word}`, {}, id);
    await alive(word, 2);
    client.cancel(id);
    const finished = await untilSeen(
      async () => audit.records().find(({ event }) => event === 'finished'),
      (record) => record !== undefined,
    );
    expect(finished).toMatchObject({ outcome: 'cancelled', termination: 'killed', tool: 'docker_exec' });
    expect(await countOf(box, `sleep ${word}`)).toBe(0);
    // Its reply would come before that of a later call.
    await client.call('health');
    expect(client.messages.filter((message) => message.id === id)).toEqual([]);
    await client.close();
    expect((await audit.verified()).filter(({ traceId }) => traceId === finished?.traceId)).toHaveLength(2);
  });

  it('whose cancellation is read together with it leaves nothing running, and is in the audit', async () => {
    const audit = auditFile();
    const client = await start(audit.env);
    const word = mark();
    const args = { id: box.name, cmd: ['sleep', word], user: '1000' };
    const lines = [
      { id: 'at-once', method: 'tools/call', params: { name: 'docker_exec', arguments: args } },
      { method: 'notifications/cancelled', params: { requestId: 'at-once' } },
    ];
    client.write(lines.map((line) => `${JSON.stringify({ jsonrpc: '2.0', ...line })}\n`).join(''));
    await untilSeen(
      async () => audit.records(),
      (records) => records.some(({ event }) => event === 'finished'),
    );
    expect(await countOf(box, `sleep ${word}`)).toBe(0);
    await client.call('health');
    expect(client.messages.filter(({ id }) => id === 'at-once')).toEqual([]);
    await client.close();
    const ends = (await audit.verified()).filter(({ event, tool }) => tool === 'docker_exec' && event !== 'started');
    expect(ends).toMatchObject([{ event: 'finished', outcome: 'cancelled' }]);
  });

  it('sends nothing more, and leaves other calls alone', async () => {
    const client = await start();
    const noisy = { id: box.name, cmd: ['sh', '-c', 'while :; do echo noise; done'], user: '1000', stream: true };
    const id = client.begin('docker_exec', noisy, { token: 'noise' });
    const other = begin(client, 'sleep 2; echo other');
    await client.until(({ params }) => params?.progressToken === 'noise');
    client.cancel(id);
    await untilSeen(
      () => countOf(box, 'sh -c while'),
      (count) => count === 0,
    );
    await client.call('health');
    const seen = client.messages.length;
    expect(execReply(await client.result(other))).toMatchObject({ stdout: 'other\n', exitCode: 0 });
    expect(client.messages.slice(seen).filter(({ params }) => params !== undefined)).toEqual([]);
  });

  it('that is unknown or answered already is no matter', async () => {
    const client = await start();
    const id = begin(client, 'echo a');
    await client.result(id);
    client.cancel(id);
    client.cancel('never-sent');
    expect(execReply(await client.result(begin(client, 'echo b'))).stdout).toBe('b\n');
  });

  it('is what the SDK makes of an aborted signal', async () => {
    const server = await startServer({ env: { DOCKER_HOST: engine.dockerHost, MCP_DOCKER_KILL_GRACE_MS: '200' } });
    const word = mark();
    const abort = new AbortController();
    const args = { id: box.name, cmd: ['sleep', word], user: '1000' };
    const call = server.call('docker_exec', args, { signal: abort.signal });
    await alive(word, 1);
    abort.abort();
    await expect(call).rejects.toThrow();
    await untilSeen(
      () => countOf(box, `sleep ${word}`),
      (count) => count === 0,
    );
  });
});
