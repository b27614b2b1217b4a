import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Engine, startEngine } from '../engine/engine.ts';
import { openServer, type Reply, type TestServer } from './client.ts';
import { readLog } from './log-reading.ts';
import { RawClient } from './raw-client.ts';
import { failure } from './results.ts';
import { countOf, untilSeen } from './witness.ts';

/** An engine of this file's own, which may be killed. */
let engine: Engine;
let server: TestServer;

beforeAll(async () => {
  engine = await startEngine();
  server = await openServer({ env: { DOCKER_HOST: engine.dockerHost } });
});

afterAll(async () => {
  await server.close();
  await engine.stop();
});

async function timed(call: Promise<Reply>): Promise<{ reply: Reply; ms: number }> {
  const begun = performance.now();
  return { reply: await call, ms: performance.now() - begun };
}

async function code(tool: string, args: Readonly<Record<string, unknown>>): Promise<string> {
  const reply = await server.call(tool, args);
  expect(reply.isError).toBe(true);
  return failure.parse(reply.structured).error.code;
}

async function expectServing(): Promise<void> {
  const container = await engine.run();
  const reply = await server.call('docker_exec', { id: container.id, cmd: ['echo', 'back'] });
  expect(reply).toMatchObject({ isError: false, structured: { stdout: 'back\n', exitCode: 0 } });
  expect(await server.call('health')).toMatchObject({ structured: { status: 'healthy', engine: { reachable: true } } });
}

describe('an engine that is killed', () => {
  it('loses the logs that are followed, whose last lines are kept', { timeout: 60_000 }, async () => {
    const raw = new RawClient({ DOCKER_HOST: engine.dockerHost });
    await raw.initialize();
    try {
      const container = await engine.run({ cmd: ['sh', '-c', 'echo words; sleep 3600'] });
      const id = raw.begin('docker_logs', { id: container.id, follow: true }, { token: 't' });
      await raw.until(({ params }) => params?.message === 'words\n');
      await engine.kill('SIGKILL');
      const reply = await raw.result(id);
      expect(reply.isError).toBe(true);
      expect(readLog(reply)).toMatchObject({ outcome: 'lost', stdout: 'words\n', lines: 1 });
    } finally {
      await raw.close();
      await engine.restart();
    }
    await expectServing();
  });

  it('is said at once, by every tool, and forgotten when it is back', { timeout: 60_000 }, async () => {
    const { id } = await engine.run();
    await engine.kill('SIGKILL');
    const { reply, ms } = await timed(server.call('health'));
    expect(reply).toMatchObject({
      isError: false,
      structured: {
        status: 'unhealthy',
        engine: {
          reachable: false,
          endpoint: engine.dockerHost,
          version: null,
          error: expect.stringMatching(/ENGINE_UNREACHABLE/),
        },
      },
    });
    expect(ms).toBeLessThan(2000);
    expect(await code('docker_exec', { id, cmd: ['true'] })).toBe('ENGINE_UNREACHABLE');
    expect(await code('docker_logs', { id })).toBe('ENGINE_UNREACHABLE');
    expect(await code('docker_ps', {})).toBe('ENGINE_UNREACHABLE');
    expect(await code('docker_inspect', { kind: 'container', id })).toBe('ENGINE_UNREACHABLE');
    expect(await code('docker_inspect', { kind: 'volume', id: 'v' })).toBe('ENGINE_UNREACHABLE');
    await engine.restart();
    await expectServing();
  });
});

describe('an engine that hangs', () => {
  it('does not hang health, and times out the rest', { timeout: 60_000 }, async () => {
    await engine.kill('SIGSTOP');
    try {
      const ps = timed(server.call('docker_ps'));
      const { reply, ms } = await timed(server.call('health'));
      expect(reply).toMatchObject({ structured: { status: 'unhealthy', engine: { reachable: false } } });
      expect(ms).toBeLessThan(2000);
      const late = await ps;
      expect(failure.parse(late.reply.structured).error).toMatchObject({ code: 'ENGINE_TIMEOUT', retryable: true });
      expect(late.ms).toBeGreaterThan(9_500);
      expect(late.ms).toBeLessThan(11_500);
    } finally {
      await engine.kill('SIGCONT');
    }
    await expectServing();
  });
});

describe('an engine that hangs while a run is to be killed', () => {
  it('does not hold up its result, and what still runs is killed once it wakes up', { timeout: 60_000 }, async () => {
    const box = await engine.run();
    const cmd = ['sh', '-c', 'sleep 777 & sleep 778'];
    const raw = new RawClient({ DOCKER_HOST: engine.dockerHost, MCP_DOCKER_KILL_GRACE_MS: '300' });
    await raw.initialize();
    try {
      const run = timed(raw.call('docker_exec', { id: box.id, cmd, timeoutMs: 3_000 }));
      await untilSeen(
        () => countOf(box, 'sleep 77'),
        (count) => count === 2,
      );
      await engine.kill('SIGSTOP');
      const { reply, ms } = await run.finally(() => engine.kill('SIGCONT'));
      expect(reply).toMatchObject({ isError: true, structured: { outcome: 'timeout', termination: 'unknown' } });
      expect(ms).toBeLessThan(3_000 + 300 + 5_000);
      await untilSeen(
        () => countOf(box, 'sleep 77'),
        (count) => count === 0,
      );
    } finally {
      await raw.close();
    }
  });
});

describe('an engine that is not there when the server starts', () => {
  it('is used as soon as it comes', { timeout: 60_000 }, async () => {
    await engine.kill('SIGKILL');
    const early = await openServer({ env: { DOCKER_HOST: engine.dockerHost } });
    try {
      const reply = await early.call('docker_ps');
      expect(failure.parse(reply.structured).error).toMatchObject({
        code: 'ENGINE_UNREACHABLE',
        retryable: true,
        hint: expect.stringMatching(/doctor/),
      });
      await engine.restart();
      expect(await early.call('docker_ps')).toMatchObject({ isError: false });
    } finally {
      await early.close();
    }
  });
});
