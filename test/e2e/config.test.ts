import { createHash } from 'node:crypto';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { useEngine } from '../engine/use.ts';
import { openServer, startServer } from './client.ts';
import { runProgram } from './program.ts';
import { SERVER, type ServerEnvironment } from './server-process.ts';

const engine = useEngine();

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'config-'));
  onTestFinished(() => rmSync(path, { recursive: true }));
  return path;
}

/** A Docker configuration folder as the Docker CLI writes it, with one context. */
function dockerConfig({ context, host, current }: { context: string; host: string; current?: string }): string {
  const path = folder();
  const meta = join(path, 'contexts', 'meta', createHash('sha256').update(context).digest('hex'));
  mkdirSync(meta, { recursive: true });
  writeFileSync(join(meta, 'meta.json'), JSON.stringify({ Name: context, Endpoints: { docker: { Host: host } } }));
  if (current !== undefined) writeFileSync(join(path, 'config.json'), JSON.stringify({ currentContext: current }));
  return path;
}

describe('a configuration that cannot be used stops the start with 2', () => {
  it.each<[ServerEnvironment, RegExp]>([
    [{ MCP_DOCKER_MAX_BYTES: '1023' }, /^MCP_DOCKER_MAX_BYTES: expected .*1024.*67108864.*, got "1023"$/],
    [{ MCP_DOCKER_MAX_MESSAGE_BYTES: 'big' }, /^MCP_DOCKER_MAX_MESSAGE_BYTES: expected .*, got "big"$/],
    [{ MCP_DOCKER_CHUNK_BYTES: '255' }, /^MCP_DOCKER_CHUNK_BYTES: expected .*, got "255"$/],
    [{ MCP_DOCKER_MAX_CONCURRENT: '0' }, /^MCP_DOCKER_MAX_CONCURRENT: expected .*, got "0"$/],
    [{ MCP_DOCKER_TIMEOUT_MS: '-5' }, /^MCP_DOCKER_TIMEOUT_MS: expected .*, got "-5"$/],
    [{ MCP_DOCKER_SECURITY: 'yes' }, /^MCP_DOCKER_SECURITY: expected .*true.*, got "yes"$/],
    [{ MCP_DOCKER_SECURITY: '' }, /^MCP_DOCKER_SECURITY: expected .*, got ""$/],
    [{ MCP_DOCKER_COMMAND_POLICY_MODE: 'deny' }, /^MCP_DOCKER_COMMAND_POLICY_MODE: expected .*denylist.*, got "deny"$/],
    [{ MCP_DOCKER_COMMAND_PATTERNS: '(' }, /^MCP_DOCKER_COMMAND_PATTERNS: expected .*, got "\("/],
    [{ MCP_DOCKER_COMMAND_PATTERNS: '(a)\\1' }, /^MCP_DOCKER_COMMAND_PATTERNS: expected /],
    [{ MCP_DOCKER_DEFAULT_USER: 'root' }, /^MCP_DOCKER_DEFAULT_USER: expected .*not root.*, got "root"$/],
    [{ MCP_DOCKER_DEFAULT_USER: '1000:0' }, /^MCP_DOCKER_DEFAULT_USER: expected .*, got "1000:0"$/],
    [{ MCP_DOCKER_ALLOWED_CONTAINERS: '' }, /^MCP_DOCKER_ALLOWED_CONTAINERS: expected /],
    [{ MCP_DOCKER_SANITIZE: 'all' }, /^MCP_DOCKER_SANITIZE: expected .*strict.*, got "all"$/],
    [{ MCP_DOCKER_METRICS_PORT: '70000' }, /^MCP_DOCKER_METRICS_PORT: expected .*, got "70000"$/],
    [{ MCP_DOCKER_NATIVE: 'on' }, /^MCP_DOCKER_NATIVE: expected .*require.*, got "on"$/],
    [{ MCP_DOCKER_TIMEOUT: '5' }, /^MCP_DOCKER_TIMEOUT: expected a known .*did you mean MCP_DOCKER_TIMEOUT_MS\?$/],
    [{ MCP_DOCKER_SHINY: 'x' }, /^MCP_DOCKER_SHINY: expected a known .*unknown variable/],
    [{ DOCKER_HOST: 'ftp://engine' }, /^DOCKER_HOST: expected .*unix:.*, got "ftp:\/\/engine"/],
    [{ DOCKER_CONTEXT: 'nowhere' }, /^DOCKER_CONTEXT: expected .*existing.*, got "nowhere"/],
    [{ DOCKER_HOST: 'tcp://127.0.0.1:1', DOCKER_TLS_VERIFY: '1', DOCKER_CERT_PATH: '/none' }, /^DOCKER_CERT_PATH: /],
    [{ MCP_DOCKER_AUDIT_FILE: '/none/audit.jsonl' }, /^MCP_DOCKER_AUDIT_FILE: expected .*, got \/none\/audit\.jsonl/],
  ])('%j', async (env, line) => {
    const { code, stdout, stderr } = await runProgram([], env);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(/^[^\n]+\n$/);
    expect(stderr.trimEnd()).toMatch(line);
  });

  it('with one line for each fault', async () => {
    const { code, stderr } = await runProgram([], {
      MCP_DOCKER_MAX_BYTES: 'x',
      MCP_DOCKER_AUDIT: 'maybe',
      MCP_DOCKER_UNKNOWN: '1',
      DOCKER_HOST: 'ftp://engine',
    });
    expect(code).toBe(2);
    expect(
      stderr
        .trimEnd()
        .split('\n')
        .map((line) => line.split(':')[0]),
    ).toEqual(['MCP_DOCKER_MAX_BYTES', 'MCP_DOCKER_AUDIT', 'MCP_DOCKER_UNKNOWN', 'DOCKER_HOST']);
  });
});

describe('the engine', () => {
  const NOWHERE = 'unix:///nonexistent/docker.sock';

  async function endpointOf(env: ServerEnvironment) {
    const server = await startServer({ env });
    return (await server.call('health')).structured['engine'];
  }

  it('is that of DOCKER_HOST, whatever contexts say', async () => {
    const DOCKER_CONFIG = dockerConfig({ context: 'far', host: NOWHERE, current: 'far' });
    const env = { DOCKER_HOST: engine.dockerHost, DOCKER_CONTEXT: 'far', DOCKER_CONFIG };
    expect(await endpointOf(env)).toMatchObject({ reachable: true, endpoint: engine.dockerHost });
  });

  it('is that of DOCKER_CONTEXT before the current one', async () => {
    const DOCKER_CONFIG = dockerConfig({ context: 'near', host: engine.dockerHost, current: 'gone' });
    expect(await endpointOf({ DOCKER_CONTEXT: 'near', DOCKER_CONFIG })).toMatchObject({ reachable: true });
  });

  it('is that of the current context', async () => {
    const DOCKER_CONFIG = dockerConfig({ context: 'near', host: engine.dockerHost, current: 'near' });
    expect(await endpointOf({ DOCKER_CONFIG })).toMatchObject({ reachable: true, endpoint: engine.dockerHost });
  });

  it('is one that is not there, where DOCKER_HOST says so', async () => {
    const DOCKER_CONFIG = dockerConfig({ context: 'near', host: engine.dockerHost, current: 'near' });
    expect(await endpointOf({ DOCKER_HOST: NOWHERE, DOCKER_CONFIG })).toMatchObject({
      reachable: false,
      error: expect.stringContaining('ENGINE_UNREACHABLE'),
    });
  });

  it('is not guessed where the current context is not there', async () => {
    const DOCKER_CONFIG = dockerConfig({ context: 'near', host: engine.dockerHost, current: 'gone' });
    const { code, stderr } = await runProgram([], { DOCKER_CONFIG });
    expect(code).toBe(2);
    expect(stderr).toMatch(/^currentContext in .*config\.json: expected .*, got "gone"/);
  });
});

describe('an installation without the native module', () => {
  /** The built package without its native part. */
  function withoutNative(): string {
    const root = folder();
    const source = dirname(dirname(dirname(SERVER)));
    cpSync(join(source, 'dist'), join(root, 'dist'), { recursive: true });
    cpSync(join(source, 'package.json'), join(root, 'package.json'));
    symlinkSync(join(source, 'node_modules'), join(root, 'node_modules'));
    return join(root, 'dist', 'src', 'main.js');
  }

  it('works on in JavaScript and says so, but not where the module is required', async () => {
    const program = withoutNative();
    const server = await openServer({ env: { DOCKER_HOST: engine.dockerHost }, program });
    try {
      expect(await server.call('health')).toMatchObject({
        structured: { status: 'degraded', demuxer: 'javascript', engine: { reachable: true } },
      });
    } finally {
      await server.close();
    }
    const { code, stderr } = await runProgram([], { MCP_DOCKER_NATIVE: 'require' }, { program });
    expect(code).toBe(2);
    expect(stderr).toMatch(/MCP_DOCKER_NATIVE/);
  });
});
