import { once } from 'node:events';
import { createServer } from 'node:net';
import { networkInterfaces } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { TestContainer } from '../engine/containers.ts';
import { useEngine } from '../engine/use.ts';
import { type Reply, startServer, type TestServer } from './client.ts';
import { startRaw } from './raw-client.ts';
import { execResult, failure } from './results.ts';
import type { ServerEnvironment } from './server-process.ts';

const engine = useEngine();
let container: TestContainer;

beforeAll(async () => {
  container = await engine.run();
});

async function start(env: ServerEnvironment): Promise<TestServer> {
  return startServer({ env: { DOCKER_HOST: engine.dockerHost, ...env } });
}

function exec(
  server: TestServer,
  cmd: readonly string[],
  more: Readonly<Record<string, unknown>> = {},
): Promise<Reply> {
  return server.call('docker_exec', { id: container.id, cmd, ...more });
}

function codeOf(reply: Reply): string {
  return reply.isError ? failure.parse(reply.structured).error.code : 'ok';
}

describe('sizes', () => {
  it('MCP_DOCKER_MAX_BYTES is what a result keeps', async () => {
    const server = await start({ MCP_DOCKER_MAX_BYTES: '1024' });
    const { stdout, truncated, stdoutBytes } = execResult.parse((await exec(server, ['seq', '5000'])).structured);
    expect([truncated, stdoutBytes]).toEqual([true, 23_893]);
    expect(stdout).toMatch(/\n\[\.\.\. 22869 bytes omitted \.\.\.\]\n/);
  });

  it('MCP_DOCKER_MAX_MESSAGE_BYTES bounds a result message, whatever its characters take', async () => {
    const raw = await startRaw({ env: { DOCKER_HOST: engine.dockerHost, MCP_DOCKER_MAX_MESSAGE_BYTES: '65536' } });
    const cmd = ['sh', '-c', 'head -c 300000 /dev/zero | tr "\\0" "\\1"'];
    const reply = await raw.call('docker_exec', { id: container.id, cmd });
    expect(Math.max(...raw.stdoutLines.map((line) => Buffer.byteLength(line) + 1))).toBeLessThanOrEqual(65_536);
    expect(reply).toMatchObject({ isError: false, structured: { truncated: true, stdoutBytes: 300_000, exitCode: 0 } });
    expect(execResult.parse(reply.structured).notices).not.toEqual([]);
  });

  it('MCP_DOCKER_CHUNK_BYTES is the size of a chunk, unless the call says otherwise', async () => {
    const raw = await startRaw({ env: { DOCKER_HOST: engine.dockerHost, MCP_DOCKER_CHUNK_BYTES: '300' } });
    const args = { id: container.id, cmd: ['seq', '2000'], stream: true };
    await raw.call('docker_exec', args, { token: 'default' });
    await raw.call('docker_exec', { ...args, chunkBytes: 256 }, { token: 'own' });
    const largest = (token: string) =>
      Math.max(
        ...raw.messages.flatMap(({ params }) => (params?.progressToken === token ? [params.message.length] : [])),
      );
    expect([largest('default'), largest('own')]).toEqual([300, 256]);
  });
});

describe('times', () => {
  it('MCP_DOCKER_TIMEOUT_MS ends a run that names no other', async () => {
    const server = await start({ MCP_DOCKER_TIMEOUT_MS: '300' });
    const reply = await exec(server, ['sleep', '60']);
    expect(reply).toMatchObject({ isError: true, structured: { outcome: 'timeout', termination: 'killed' } });
    expect((await exec(server, ['sleep', '1'], { timeoutMs: 10_000 })).structured).toMatchObject({ exitCode: 0 });
  });

  it('MCP_DOCKER_KILL_GRACE_MS passes between TERM and KILL', async () => {
    const cmd = ['sh', '-c', 'trap "" TERM; while :; do sleep 1; done'];
    const durations: number[] = [];
    for (const grace of ['100', '2500']) {
      const reply = await exec(await start({ MCP_DOCKER_KILL_GRACE_MS: grace }), cmd, { timeoutMs: 200 });
      expect(reply.structured).toMatchObject({ outcome: 'timeout', termination: 'killed' });
      durations.push(execResult.parse(reply.structured).durationMs);
    }
    expect(durations[0]).toBeLessThan(2500);
    expect(durations[1]).toBeGreaterThanOrEqual(2700);
  });
});

describe('MCP_DOCKER_MAX_QUEUE', () => {
  it('is how many calls wait', async () => {
    const env = { DOCKER_HOST: engine.dockerHost, MCP_DOCKER_MAX_CONCURRENT: '1', MCP_DOCKER_MAX_QUEUE: '0' };
    const raw = await startRaw({ env });
    const cmd = ['sh', '-c', 'echo up; sleep 60'];
    raw.begin('docker_exec', { id: container.id, cmd, stream: true }, { token: 'q', id: 'running' });
    await raw.until(({ params }) => params?.message === 'up\n');
    const { structured } = await raw.call('docker_exec', { id: container.id, cmd: ['true'] });
    expect(failure.parse(structured).error).toMatchObject({ code: 'QUEUE_FULL', retryable: true });
    raw.cancel('running');
  });
});

describe('rate limits', () => {
  it('let a burst through, say truly when the next call may come, and are per kind', async () => {
    const server = await start({
      MCP_DOCKER_RATE_LIMITS: 'true',
      MCP_DOCKER_EXEC_PER_MINUTE: '60',
      MCP_DOCKER_LOGS_PER_MINUTE: '1',
      MCP_DOCKER_DRY_RUN: 'true',
    });
    const attempt = () => exec(server, ['true']);
    const burst = await Promise.all(Array.from({ length: 60 }, attempt));
    expect(new Set(burst.map(codeOf))).toEqual(new Set(['ok']));
    let reply = await attempt();
    while (!reply.isError) reply = await attempt();
    const error = failure.parse(reply.structured).error;
    expect(error).toMatchObject({ code: 'RATE_LIMITED', retryable: true });
    const { retryAfterMs = 0 } = error;
    expect(retryAfterMs).toBeGreaterThan(0);
    expect(retryAfterMs).toBeLessThanOrEqual(1000);
    await delay(retryAfterMs + 5);
    expect(codeOf(await attempt())).toBe('ok');
    expect(codeOf(await attempt())).toBe('RATE_LIMITED');
    expect(codeOf(await server.call('docker_logs', { id: container.id }))).toBe('ok');
    expect(codeOf(await server.call('docker_logs', { id: container.id }))).toBe('RATE_LIMITED');
    expect(codeOf(await server.call('docker_ps'))).toBe('ok');
  });

  it('are not for calls that are refused, and can be turned off', async () => {
    const env = { MCP_DOCKER_EXEC_PER_MINUTE: '1', MCP_DOCKER_DRY_RUN: 'true' };
    const server = await start({ ...env, MCP_DOCKER_RATE_LIMITS: 'true' });
    for (const [args, code] of [
      [{ cmd: [] }, 'INVALID_ARGUMENT'],
      [{ cmd: ['id'], user: 'root' }, 'POLICY_DENIED'],
      [{ id: 'none', cmd: ['id'] }, 'CONTAINER_NOT_FOUND'],
      [{ cmd: ['id'] }, 'ok'],
      [{ cmd: ['id'] }, 'RATE_LIMITED'],
    ] as const) {
      expect(codeOf(await server.call('docker_exec', { id: container.id, ...args }))).toBe(code);
    }
    const free = await start({ ...env, MCP_DOCKER_RATE_LIMITS: 'false' });
    expect([codeOf(await exec(free, ['id'])), codeOf(await exec(free, ['id']))]).toEqual(['ok', 'ok']);
  });
});

describe('MCP_DOCKER_DRY_RUN', () => {
  it('checks and records, and runs nothing', async () => {
    const server = await start({ MCP_DOCKER_DRY_RUN: 'true' });
    const reply = await exec(server, ['touch', '/tmp/dry'], { user: 'app' });
    expect(reply.isError).toBe(false);
    expect(execResult.parse(reply.structured)).toMatchObject({ outcome: 'dry_run', exitCode: null, user: '1000:1000' });
    expect((await container.exec(['test', '-e', '/tmp/dry'])).code).toBe(1);
    expect(codeOf(await exec(server, ['id'], { user: 'root' }))).toBe('POLICY_DENIED');
    expect(await server.call('docker_logs', { id: container.id })).toMatchObject({
      structured: { outcome: 'dry_run' },
    });
    const finished = server.stderr.filter((line) => line.includes('"event":"finished"'));
    expect(finished[0]).toContain('"outcome":"dry_run"');
  });
});

describe('MCP_DOCKER_SANITIZE', () => {
  const script = `printf '\\033[31mred\\033[0m \\033]8;;http://x\\033\\\\link \\302\\233m a\\342\\200\\256b \\363\\240\\201\\201c\\tok\\n'`;
  const raw = '\u001b[31mred\u001b[0m \u001b]8;;http://x\u001b\\link \u009bm a\u202eb \u{e0041}c\tok\n';

  it.each([
    ['none', raw],
    ['ansi', '␛[31mred␛[0m ␛]8;;http://x␛\\link \ufffdm a\u202eb \u{e0041}c\tok\n'],
    ['strict', '␛[31mred␛[0m ␛]8;;http://x␛\\link \ufffdm a\ufffdb \ufffdc\tok\n'],
  ])('%s', async (mode, stdout) => {
    const server = await start({ MCP_DOCKER_SANITIZE: mode });
    const chunks: string[] = [];
    const options = { onProgress: ({ message = '' }) => void chunks.push(message) };
    const args = { id: container.id, cmd: ['sh', '-c', script], stream: true };
    const reply = await server.call('docker_exec', args, options);
    expect(reply.structured).toMatchObject({ stdout, stdoutBytes: Buffer.byteLength(raw) });
    expect(chunks.join('')).toBe(stdout);
    // The text is for a person, whatever the setting: nothing in it acts on a terminal.
    expect(reply.text).toContain('␛[31mred␛[0m ␛]8;;http://x␛\\link \ufffdm a\ufffdb \ufffdc\tok\n');
  });
});

describe('MCP_DOCKER_METRICS_PORT', () => {
  async function freePort(): Promise<number> {
    const probe = createServer().listen(0, '127.0.0.1');
    await once(probe, 'listening');
    const { port } = z.object({ port: z.int() }).parse(probe.address());
    probe.close();
    await once(probe, 'close');
    return port;
  }

  it('serves Prometheus text on 127.0.0.1 alone', async () => {
    const port = await freePort();
    const server = await start({ MCP_DOCKER_METRICS_PORT: String(port) });
    await exec(server, ['true']);
    const response = await fetch(`http://127.0.0.1:${port}/metrics`);
    expect(response.headers.get('content-type')).toMatch(/^text\/plain; version=0\.0\.4/);
    const text = await response.text();
    expect(text).toMatch(/^# TYPE mcp_docker_\w+ counter$/m);
    expect(text).toMatch(/^mcp_docker_\w+\{.*tool="docker_exec".*\} 1$/m);
    const outside = Object.values(networkInterfaces())
      .flatMap((addresses) => addresses ?? [])
      .find(({ internal, family }) => !internal && family === 'IPv4');
    if (outside !== undefined) await expect(fetch(`http://${outside.address}:${port}/metrics`)).rejects.toThrow();
  });
});

describe('the log', () => {
  const quiet = { MCP_DOCKER_AUDIT: 'false' };

  async function logOf(env: ServerEnvironment): Promise<readonly string[]> {
    const server = await start({ ...quiet, ...env });
    await exec(server, ['true']);
    await exec(server, ['true'], { user: 'root' });
    await server.close();
    return server.stderr;
  }

  it('is JSON lines, with calls and refusals, and no audit where that is off', async () => {
    const lines = (await logOf({})).map((line) => JSON.parse(line));
    expect(lines).toContainEqual(expect.objectContaining({ level: 'info', msg: 'Call finished', tool: 'docker_exec' }));
    expect(lines).toContainEqual(
      expect.objectContaining({ level: 'warn', msg: 'Call denied', errorCode: 'POLICY_DENIED' }),
    );
    expect(lines.filter((line) => 'event' in line || line.level === 'debug')).toEqual([]);
  });

  it('has more at debug and less at error', async () => {
    expect(await logOf({ MCP_DOCKER_LOG_LEVEL: 'debug' })).toContainEqual(
      expect.stringContaining('"msg":"Run started"'),
    );
    expect(await logOf({ MCP_DOCKER_LOG_LEVEL: 'error' })).toEqual([]);
  });

  it('is for people where it is not to be JSON', async () => {
    const lines = await logOf({ MCP_DOCKER_STRUCTURED_LOGS: 'false' });
    expect(lines.length).toBeGreaterThan(2);
    for (const line of lines) expect(line).toMatch(/^\[\d\d:\d\d:\d\d\.\d{3}\] (INFO|WARN): /);
  });
});
