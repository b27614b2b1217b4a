import { describe, expect, it } from 'vitest';
import { frame } from '../../contract/frames.ts';
import { answer, chunked, hijacked, json, sized } from '../../fake-engine/answers.ts';
import type { Endpoint, Script } from '../../fake-engine/containers.ts';
import { BYTEWISE, type Fault, instead, refusal } from '../../fake-engine/faults.ts';
import { useBench } from './bench.ts';

const bench = useBench();

const PASSWD = Buffer.from('app:x:1000:1000::/:/bin/sh\n');
const HUGE = { 'X-Padding': 'x'.repeat(100_000) };
const NO_HTTP = instead(answer('end', 'hello', {}, ''));
const NO_JSON = instead(sized(200, '<html>Bad gateway</html>'));

/** Every request of a run whose failure means that nothing runs. */
const BEFORE_THE_RUN = ['container', 'stat', 'archive', 'create', 'start'] as const;

const withFault = (endpoint: Endpoint, fault: Fault): Script => ({ passwd: PASSWD, faults: { [endpoint]: fault } });
const asApp = { user: 'app' };

describe.each(BEFORE_THE_RUN)('an engine that answers the request for: %s', (endpoint) => {
  it.each([
    ['an error', refusal(500, 'the disk is full')],
    ['an error that is no JSON', instead(sized(500, '<html>Bad gateway</html>'))],
    ['an error in chunks', instead(chunked(503, '{"message":"the disk is full"}', 7))],
    ['an error without its length', instead(answer('end', 'HTTP/1.1 500 X', {}, '{"message":"the disk is full"}'))],
    ['an error whose sentence is no JSON', instead(answer('end', 'HTTP/1.1 500 X', {}, '{"message":"a\nb"}'))],
    ['an unknown status', refusal(418, 'a teapot')],
    ['an endless head', instead(json(500, {}, HUGE))],
  ])('with %s: says so at once', async (_what, fault) => {
    const { end, reply, ms } = await bench.exec(withFault(endpoint, fault), asApp);
    expect(end).toBe('ENGINE_ERROR');
    expect(reply.structured).toMatchObject({ error: { retryable: false } });
    expect(ms).toBeLessThan(3_000);
  });

  it('byte by byte: waits for all of it', async () => {
    const { end, reply } = await bench.exec(withFault(endpoint, BYTEWISE), asApp);
    expect(end).toBe('exited');
    expect(reply.structured).toMatchObject({ exitCode: 0, stdout: 'hello\n', user: '1000:1000' });
  });
});

it.each(BEFORE_THE_RUN.filter((endpoint) => endpoint !== 'start'))(
  'says so at once where the answer is no HTTP: %s',
  async (endpoint) => {
    expect((await bench.exec(withFault(endpoint, NO_HTTP), asApp)).end).toBe('ENGINE_ERROR');
  },
);

it("keeps the engine's own sentence", async () => {
  const { reply } = await bench.exec(withFault('start', refusal(500, 'the disk is full')), asApp);
  expect(reply.structured).toMatchObject({ error: { message: 'the disk is full' } });
});

describe('an answer of another shape than the engine has', () => {
  it.each([
    ['a page', NO_JSON],
    ['nothing', instead(sized(200, ''))],
    ['an array', instead(json(200, []))],
    ['null', instead(json(200, null))],
    ['an object without fields', instead(json(200, {}))],
    [
      'fields of other types',
      instead(json(200, { Id: 7, ID: 7, Running: 'no', ExitCode: '0', Pid: 'x', State: 'up' })),
    ],
  ])('is the failure of the engine, not of this server: %s', async (_what, fault) => {
    const ends = BEFORE_THE_RUN.filter((endpoint) => endpoint === 'container' || endpoint === 'create');
    for (const endpoint of ends) {
      expect((await bench.exec(withFault(endpoint, fault))).end).toBe('ENGINE_ERROR');
    }
    expect((await bench.exec(withFault('exec', fault))).end).toBe('lost');
    expect((await bench.logs(withFault('container', fault))).end).toBe('ENGINE_ERROR');
  });

  it.each([
    ['no archive', 'z'.repeat(1024)],
    ['half an archive', Buffer.alloc(100)],
  ])('is not taken for an account file: %s', async (_what, body) => {
    expect((await bench.exec(withFault('archive', instead(sized(200, body))), asApp)).end).toBe('ENGINE_ERROR');
  });
});

describe('the answer to a start', () => {
  it('may be a 200, as to clients that ask for no upgrade', async () => {
    const fault = instead(hijacked('end', frame(1, 'old\n'), 'HTTP/1.1 200 OK'));
    const { reply } = await bench.exec(withFault('start', fault));
    expect(reply.structured).toMatchObject({ outcome: 'exited', exitCode: 0, stdout: 'old\n' });
  });

  it.each([
    ['in chunks, which would be taken for output', instead(chunked(200, 'output\n', 3)), { tty: false }],
    ['in chunks, on a tty', instead(chunked(200, 'output\n', 3)), { tty: true }],
    ['as no HTTP', NO_HTTP, { tty: false }],
  ])('makes the run lost where it comes %s: the command may have been started', async (_what, fault, args) => {
    const { reply } = await bench.exec(withFault('start', fault), args);
    expect(reply).toMatchObject({ isError: true, structured: { outcome: 'lost', exitCode: null, stdout: '' } });
  });

  it('may have the output in the same packet, and the end', async () => {
    const { reply } = await bench.exec({ output: Buffer.concat([frame(1, 'a'), frame(2, 'b'), frame(1, 'c')]) });
    expect(reply.structured).toMatchObject({ outcome: 'exited', stdout: 'ac', stderr: 'b' });
  });
});

describe('an engine that answers what is asked of no container', () => {
  it.each([
    ['an error', refusal(500, 'the disk is full')],
    ['no JSON', NO_JSON],
    ['another shape', instead(json(200, { Version: 1 }))],
    ['no HTTP', NO_HTTP],
  ])('wrongly is not healthy, and has no list: %s', async (_what, fault) => {
    bench.engine.faults = { version: fault, list: fault };
    const [health, list] = await Promise.all([bench.call('health'), bench.call('docker_ps')]);
    bench.engine.faults = {};
    expect(health.reply.structured).toMatchObject({ status: 'unhealthy', engine: { reachable: false, version: null } });
    expect(list.end).toBe('ENGINE_ERROR');
  });
});
