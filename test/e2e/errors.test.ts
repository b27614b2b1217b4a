import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { dockerText } from '../engine/cli.ts';
import type { TestContainer } from '../engine/containers.ts';
import { useEngine } from '../engine/use.ts';
import { auditFile } from './audit-file.ts';
import { RawClient, startRaw } from './raw-client.ts';
import { failure } from './results.ts';

const engine = useEngine();
let raw: RawClient;
let container: TestContainer;
let lastCall = 0;

beforeAll(async () => {
  raw = new RawClient({ DOCKER_HOST: engine.dockerHost });
  [container] = await Promise.all([engine.run(), raw.initialize()]);
});

afterAll(() => raw.close());

/** Whatever was refused, the server goes on serving. */
afterEach(async () => {
  const reply = await raw.call('docker_exec', { id: container.id, cmd: ['echo', 'serving'] });
  expect(reply).toMatchObject({ isError: false, structured: { stdout: 'serving\n' } });
});

/** The error of a call, after all that every error has in common was checked. */
async function refusal(tool: string, args: unknown, token?: string) {
  lastCall += 1;
  const id = `call-${lastCall}`;
  const meta = token === undefined ? {} : { _meta: { progressToken: token } };
  raw.send({ id, method: 'tools/call', params: { name: tool, arguments: args, ...meta } });
  const { isError, structured, text } = await raw.result(id);
  const { error } = failure.parse(structured);
  expect(isError).toBe(true);
  for (const part of [error.code, error.message, error.hint ?? '', error.traceId]) expect(text).toContain(part);
  return error;
}

describe('bad input is refused with INVALID_ARGUMENT and the name of the field', () => {
  const NUL = 'a\0b';
  const LONG = 'x'.repeat(131_072);

  it.each<[string, Readonly<Record<string, unknown>>, string]>([
    ['no cmd', { cmd: undefined }, 'cmd'],
    ['an empty cmd', { cmd: [] }, 'cmd'],
    ['an empty program name', { cmd: [''] }, 'cmd'],
    ['a cmd that is text', { cmd: 'ls -l' }, 'cmd'],
    ['a cmd with a number', { cmd: ['echo', 5] }, 'cmd[1]'],
    ['NUL in cmd', { cmd: ['echo', NUL] }, 'cmd[1]'],
    ['an argument over 128 KiB', { cmd: ['echo', LONG] }, 'cmd[1]'],
    ['half a surrogate pair', { cmd: ['echo', '\ud800'] }, 'cmd[1]'],
    ['no id', { id: undefined }, 'id'],
    ['an empty id', { id: '' }, 'id'],
    ['an id that is a path', { id: '../x' }, 'id'],
    ['an id with a query', { id: 'x/kill?x=' }, 'id'],
    ['NUL in id', { id: NUL }, 'id'],
    ['an id of another type', { id: 7 }, 'id'],
    ['an env that is no list', { env: { A: 'b' } }, 'env'],
    ['an env entry without =', { env: ['A=1', 'PATH'] }, 'env[1]'],
    ['an env entry without a name', { env: ['=x'] }, 'env[0]'],
    ['NUL in env', { env: [`A=${NUL}`] }, 'env[0]'],
    ['an env entry over 128 KiB', { env: [`A=${LONG}`] }, 'env[0]'],
    ['NUL in user', { user: NUL }, 'user'],
    ['an empty user', { user: '' }, 'user'],
    ['a user without a group after its colon', { user: 'app:' }, 'user'],
    ['a group without a user', { user: ':1' }, 'user'],
    ['a negative user', { user: '-1' }, 'user'],
    ['a user with a sign', { user: '+1' }, 'user'],
    ['a user with a blank', { user: 'a b' }, 'user'],
    ['a user that is too long', { user: 'a'.repeat(257) }, 'user'],
    ['a command larger than the kernel takes', { cmd: Array(20).fill('a'.repeat(110_000)) }, 'cmd and env'],
    ['an environment larger than the kernel takes', { env: Array(20).fill(`A=${'a'.repeat(110_000)}`) }, 'cmd and env'],
    ['more faults than anybody reads', { env: Array(5000).fill(5) }, 'and 4995 more'],
    ['NUL in workdir', { workdir: `/${NUL}` }, 'workdir'],
    ['a relative workdir', { workdir: 'tmp' }, 'workdir'],
    ['a stdin of another type', { stdin: 5 }, 'stdin'],
    ['a stream of another type', { stream: 'yes' }, 'stream'],
    ['a tty of another type', { tty: 1 }, 'tty'],
    ['no timeout', { timeoutMs: 0 }, 'timeoutMs'],
    ['a negative timeout', { timeoutMs: -1 }, 'timeoutMs'],
    ['a fractional timeout', { timeoutMs: 1.5 }, 'timeoutMs'],
    ['a timeout over a day', { timeoutMs: 86_400_001 }, 'timeoutMs'],
    ['a timeout that is text', { timeoutMs: '5' }, 'timeoutMs'],
    ['chunks that are too small', { chunkBytes: 255 }, 'chunkBytes'],
    ['chunks that are too large', { chunkBytes: 1_048_577 }, 'chunkBytes'],
    ['an unknown encoding', { encoding: 'latin1' }, 'encoding'],
    ['null', { workdir: null }, 'workdir'],
    ['an unknown argument', { command: 'ls' }, '"command"'],
  ])('%s', async (_what, bad, field) => {
    const error = await refusal('docker_exec', { id: container.id, cmd: ['true'], ...bad });
    expect(error).toMatchObject({ code: 'INVALID_ARGUMENT', retryable: false });
    expect(error.message).toContain(field);
    expect(error.message.length).toBeLessThan(1000);
  });

  it.each<[string, Readonly<Record<string, unknown>>, string]>([
    ['docker_logs', { maxLines: 0 }, 'maxLines'],
    ['docker_logs', { follow: 'yes' }, 'follow'],
    ['docker_logs', { chunkBytes: 10 }, 'chunkBytes'],
    ['docker_logs', { cmd: ['ls'] }, '"cmd"'],
    ['docker_ps', { id: undefined, all: 'yes' }, 'all'],
    ['docker_ps', { id: undefined, name: 5 }, 'name'],
    ['docker_ps', {}, '"id"'],
    ['docker_inspect', {}, 'kind'],
  ])('of %s: %j', async (tool, bad, field) => {
    const error = await refusal(tool, { id: container.id, ...bad });
    expect(error.code).toBe('INVALID_ARGUMENT');
    expect(error.message).toContain(field);
  });

  it('never reaches the engine', async () => {
    const error = await refusal('docker_exec', { id: 'no-such-container', cmd: [] });
    expect(error.code).toBe('INVALID_ARGUMENT');
  });
});

describe('a container that cannot be used', () => {
  it('is not there', async () => {
    expect(await refusal('docker_exec', { id: 'no-such-container', cmd: ['true'] })).toMatchObject({
      code: 'CONTAINER_NOT_FOUND',
      message: expect.stringContaining('no-such-container'),
      hint: expect.stringContaining('docker_ps'),
      retryable: false,
    });
  });

  it('is one of several whose id begins so', async () => {
    const prefixes = new Map<string, number>();
    const ambiguous = () => [...prefixes].find(([, count]) => count > 1)?.[0];
    prefixes.set(container.id.slice(0, 1), 1);
    while (ambiguous() === undefined) {
      const digit = (await engine.run()).id.slice(0, 1);
      prefixes.set(digit, (prefixes.get(digit) ?? 0) + 1);
    }
    for (const [tool, more] of [
      ['docker_exec', { cmd: ['true'] }],
      ['docker_logs', {}],
    ] as const) {
      const error = await refusal(tool, { id: ambiguous(), ...more });
      expect(error).toMatchObject({ code: 'CONTAINER_AMBIGUOUS', hint: expect.stringMatching(/digits/) });
    }
  });

  it('is stopped', async () => {
    const stopped = await engine.run({ cmd: ['true'] });
    await dockerText(engine.docker, ['wait', stopped.id]);
    expect(await refusal('docker_exec', { id: stopped.id, cmd: ['true'] })).toMatchObject({
      code: 'CONTAINER_NOT_RUNNING',
      hint: expect.stringContaining(`docker start ${stopped.name}`),
    });
  });

  it('is paused', async () => {
    const paused = await engine.run();
    await dockerText(engine.docker, ['pause', paused.id]);
    expect(await refusal('docker_exec', { id: paused.id, cmd: ['true'] })).toMatchObject({
      code: 'CONTAINER_PAUSED',
      hint: expect.stringContaining(`docker unpause ${paused.name}`),
    });
  });
});

describe('a command that cannot be started', () => {
  const MODES = [{}, { stream: true }, { tty: true }, { tty: true, stream: true }];

  it.each(MODES)('is not there (%j)', async (mode) => {
    const token = JSON.stringify(mode);
    const args = { id: container.id, cmd: ['no-such-program'], ...mode };
    expect(await refusal('docker_exec', args, token)).toMatchObject({
      code: 'COMMAND_NOT_FOUND',
      message: expect.stringContaining('no-such-program'),
      hint: expect.stringContaining('sh'),
      retryable: false,
    });
    expect(raw.messages.filter(({ params }) => params?.progressToken === token)).toEqual([]);
  });

  it.each(MODES)('is not executable (%j)', async (mode) => {
    const args = { id: container.id, cmd: ['/etc/passwd'], ...mode };
    expect(await refusal('docker_exec', args)).toMatchObject({ code: 'COMMAND_NOT_FOUND' });
  });

  it('is a folder', async () => {
    expect(await refusal('docker_exec', { id: container.id, cmd: ['/etc'] })).toMatchObject({
      code: 'COMMAND_NOT_FOUND',
    });
  });

  it.each(MODES)('has a workdir that is not there (%j)', async (mode) => {
    const args = { id: container.id, cmd: ['true'], workdir: '/no/such/folder', ...mode };
    expect(await refusal('docker_exec', args)).toMatchObject({
      code: 'START_FAILED',
      hint: expect.stringContaining('workdir'),
    });
  });

  it.each(['ghost', 'app:ghosts', 'ghost:app'])('is to run as %s, who is not there', async (user) => {
    expect(await refusal('docker_exec', { id: container.id, cmd: ['true'], user })).toMatchObject({
      code: 'USER_NOT_FOUND',
      message: expect.stringContaining('ghost'),
    });
  });

  it.each([126, 127])('is not one that ends with %i of its own, which is an ordinary exit', async (exitCode) => {
    const reply = await raw.call('docker_exec', { id: container.id, cmd: ['sh', '-c', `echo out; exit ${exitCode}`] });
    expect(reply).toMatchObject({ isError: false, structured: { outcome: 'exited', exitCode, stdout: 'out\n' } });
  });
});

describe('the protocol', () => {
  it('knows an unknown tool as its own error', async () => {
    raw.send({ id: 'unknown', method: 'tools/call', params: { name: 'docker_rm', arguments: {} } });
    expect(await raw.reply('unknown')).toMatchObject({
      error: { code: -32602, message: expect.stringContaining('docker_rm') },
    });
  });

  it.each([['text'], [[]], [5], [null]])(
    'does not break on %j for arguments, which is refused and in the audit',
    async (bad) => {
      const audit = auditFile();
      const client = await startRaw({ env: { DOCKER_HOST: engine.dockerHost, ...audit.env } });
      const tools = ['docker_exec', 'docker_ps', 'health'];
      for (const name of tools) {
        client.send({ id: name, method: 'tools/call', params: { name, arguments: bad } });
        const { isError, structured } = await client.result(name);
        expect(isError).toBe(true);
        expect(failure.parse(structured).error).toMatchObject({ code: 'INVALID_ARGUMENT', retryable: false });
      }
      expect(await client.call('health')).toMatchObject({ isError: false });
      await client.close();
      const denied = (await audit.verified()).filter(({ event }) => event === 'denied');
      expect(denied).toMatchObject(tools.map((tool) => ({ tool, errorCode: 'INVALID_ARGUMENT' })));
    },
  );

  it('takes a call without arguments', async () => {
    raw.send({ id: 'bare', method: 'tools/call', params: { name: 'health' } });
    expect(await raw.result('bare')).toMatchObject({ isError: false });
  });
});
