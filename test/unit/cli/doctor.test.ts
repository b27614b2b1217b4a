import { once } from 'node:events';
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Check } from '../../../src/cli/checks/check.ts';
import { printDiagnosis, runChecks } from '../../../src/cli/doctor.ts';
import type { Surroundings } from '../../../src/cli/surroundings.ts';
import { ConfigError } from '../../../src/config/fault.ts';
import type { Endpoint } from '../../../src/engine/endpoint.ts';
import { AppError } from '../../../src/errors.ts';
import { surroundingsWith } from './surroundings.ts';

async function checksNamed(name: string, changes: Partial<Surroundings>): Promise<Check[]> {
  const checks = await runChecks(surroundingsWith(changes).surroundings);
  return checks.filter((check) => check.name === name);
}

async function onlyCheck(name: string, changes: Partial<Surroundings>): Promise<Check> {
  const [check, second] = await checksNamed(name, changes);
  if (check === undefined || second !== undefined) throw new Error(`Not exactly one check named ${name}`);
  return check;
}

function throwing(error: Error): () => never {
  return () => {
    throw error;
  };
}

describe('doctor', () => {
  it('finds nothing wrong where nothing is', async () => {
    const { surroundings, output } = surroundingsWith();
    expect(await printDiagnosis(surroundings)).toBe(0);
    expect(output()).toMatch(/^✓ engine: answers \(\d+ ms\)\n✓ engine version: 28\.2\.2, API 1\.50, linux\/amd64$/m);
    expect(output()).toContain('✓ endpoint: unix:///d.sock (the built-in default; nothing else is set)\n');
    expect(output()).not.toMatch(/^[!✗]/m);
    expect(output()).toMatch(/\nThe server can work\.\n$/);
  });

  it('says under each failure how to mend it, and exits 1', async () => {
    const { surroundings, output } = surroundingsWith({ nodeVersion: 'v18.20.0' });
    expect(await printDiagnosis(surroundings)).toBe(1);
    expect(output()).toMatch(/^✗ Node\.js: v18\.20\.0 is too old\n {2}→ Install Node\.js 20\.19/);
  });

  it('exits 0 where there is only something to know', async () => {
    const { surroundings, output } = surroundingsWith({ environment: { MCP_DOCKER_ALLOW_ROOT: '1' } });
    expect(await printDiagnosis(surroundings)).toBe(0);
    expect(output()).toContain('! security: commands may run as root\n  → ');
  });
});

describe('Node.js', () => {
  it.each([
    ['v20.19.0', 'ok'],
    ['v22.0.0', 'ok'],
    ['v100.1.0', 'ok'],
    ['v20.18.9', 'fail'],
    ['v18.99.0', 'fail'],
  ])('%s: %s', async (nodeVersion, status) => {
    expect(await onlyCheck('Node.js', { nodeVersion })).toMatchObject({ status });
  });
});

describe('configuration', () => {
  it('has one failure for every fault, and the rest is not guessed at', async () => {
    const environment = { MCP_DOCKER_AUDIT: 'x', MCP_DOCKER_SECURITY: 'y' };
    const checks = await runChecks(surroundingsWith({ environment }).surroundings);
    expect(checks.map(({ name, status }) => [name, status])).toEqual([
      ['Node.js', 'ok'],
      ['configuration', 'fail'],
      ['configuration', 'fail'],
    ]);
    expect(checks[1]?.mend).toContain('MCP_DOCKER_SECURITY');
  });

  it('says how much was set', async () => {
    const environment = { MCP_DOCKER_AUDIT: '1', MCP_DOCKER_MAX_QUEUE: '1' };
    const check = await onlyCheck('configuration', { environment });
    expect(check).toMatchObject({ status: 'ok', detail: expect.stringContaining('2 set') });
  });
});

describe('endpoint', () => {
  const tcp = { kind: 'tcp', port: 2375, source: 'DOCKER_HOST' } as const;
  const at = (host: string): Endpoint => ({ ...tcp, host, description: `tcp://${host}:2375` });

  it('says what chose it', async () => {
    expect((await onlyCheck('endpoint', { resolveEndpoint: () => at('localhost') })).detail).toBe(
      'tcp://localhost:2375 (from DOCKER_HOST)',
    );
  });

  it.each(['localhost', '127.0.0.1', '::1'])('in plain text on %s is fine', async (host) => {
    expect(await onlyCheck('endpoint', { resolveEndpoint: () => at(host) })).toMatchObject({ status: 'ok' });
  });

  it('in plain text over a network is warned of, with TLS it is not', async () => {
    expect(await onlyCheck('endpoint', { resolveEndpoint: () => at('10.0.0.1') })).toMatchObject({ status: 'warn' });
    const secure: Endpoint = { ...tcp, host: '10.0.0.1', description: 'x', tls: { rejectUnauthorized: true } };
    expect(await onlyCheck('endpoint', { resolveEndpoint: () => secure })).toMatchObject({ status: 'ok' });
  });

  it('that cannot be used fails, and no engine is asked', async () => {
    const fault = { name: 'DOCKER_CONTEXT', expected: 'an existing context', given: 'x' };
    const changes = { resolveEndpoint: throwing(new ConfigError([fault])) };
    expect(await onlyCheck('endpoint', changes)).toMatchObject({
      status: 'fail',
      detail: 'DOCKER_CONTEXT: expected an existing context, got "x"',
    });
    expect(await checksNamed('engine', changes)).toEqual([]);
  });
});

describe('engine', () => {
  const socketError = (code: string) => Object.assign(new Error(`connect ${code}`), { code });

  it.each([
    ['EACCES', /docker group.*rootless/],
    ['ENOENT', /Start Docker.*DOCKER_HOST/],
    ['ECONNREFUSED', /Start Docker/],
    ['ENOTFOUND', /host name/],
  ])('%s has its own way to mend it, also as the cause of another error', async (code, mend) => {
    const bare = await onlyCheck('engine', { pingEngine: async () => Promise.reject(socketError(code)) });
    expect(bare).toMatchObject({ status: 'fail', mend: expect.stringMatching(mend) });
    const wrapped = new AppError('ENGINE_UNREACHABLE', 'Cannot reach the engine.', { cause: socketError(code) });
    const check = await onlyCheck('engine', { pingEngine: async () => Promise.reject(wrapped) });
    expect(check).toMatchObject({ detail: `Cannot reach the engine. (${code})`, mend: expect.stringMatching(mend) });
  });

  it('gives the hint of an error without a system code', async () => {
    const error = new AppError('ENGINE_TIMEOUT', 'The engine did not answer.', { hint: 'Ask it again.' });
    const check = await onlyCheck('engine', { pingEngine: async () => Promise.reject(error) });
    expect(check).toMatchObject({ detail: 'The engine did not answer.', mend: 'Ask it again.' });
  });

  it('points at the rootless engine that XDG_RUNTIME_DIR has', async () => {
    const runtime = mkdtempSync(join(tmpdir(), 'runtime-'));
    const path = join(runtime, 'docker.sock');
    const listening = net.createServer().listen(path);
    await once(listening, 'listening');
    const check = await onlyCheck('engine', {
      environment: { XDG_RUNTIME_DIR: runtime },
      pingEngine: async () => Promise.reject(socketError('ENOENT')),
    });
    listening.close();
    rmSync(runtime, { recursive: true });
    expect(check.mend).toContain(`set DOCKER_HOST=unix://${path}`);
  });

  it('over ssh points at ssh, whatever failed', async () => {
    const ssh: Endpoint = { kind: 'ssh', host: 'h', description: 'ssh://h', source: 'DOCKER_HOST' };
    const check = await onlyCheck('engine', {
      resolveEndpoint: () => ssh,
      pingEngine: async () => Promise.reject(socketError('ENOENT')),
    });
    expect(check.mend).toContain('docker -H ssh://h version');
  });
});

describe('engine version', () => {
  it.each([
    ['1.41', 'ok'],
    ['1.50', 'ok'],
    ['2.0', 'ok'],
    ['1.40', 'warn'],
  ])('API %s: %s', async (apiVersion, status) => {
    const pingEngine = async () => ({ version: '1', apiVersion, os: 'linux', arch: 'amd64' });
    expect(await onlyCheck('engine version', { pingEngine })).toMatchObject({ status });
  });
});

describe('round trip', () => {
  const trip = { container: 'web', user: '1000:1000', printed: true, ms: 40 };
  const check = async (changes: Partial<Surroundings>): Promise<Check | undefined> =>
    (await runChecks(surroundingsWith(changes).surroundings, 'web')).find(({ name }) => name === 'round trip');

  it('is made in the container that is given, and only then', async () => {
    expect(await check({})).toMatchObject({ status: 'ok', detail: expect.stringContaining('web as 1000:1000') });
    expect(await checksNamed('round trip', {})).toEqual([]);
  });

  it('is not made where the engine does not answer', async () => {
    expect(await check({ pingEngine: async () => Promise.reject(new Error('no')) })).toBeUndefined();
  });

  it('that brings nothing back is told, with what that means', async () => {
    expect(await check({ roundTrip: async () => ({ ...trip, printed: false }) })).toMatchObject({
      status: 'warn',
      mend: expect.stringContaining('/bin/sh'),
    });
  });

  it('that is refused fails with the hint of the refusal', async () => {
    const refused = new AppError('CONTAINER_NOT_RUNNING', 'Container "web" is stopped.', { hint: 'Start it first.' });
    expect(await check({ roundTrip: async () => Promise.reject(refused) })).toMatchObject({
      status: 'fail',
      detail: 'Container "web" is stopped.',
      mend: 'Start it first.',
    });
  });
});

describe('native module', () => {
  const javascript = { kind: 'javascript', reason: 'not built' } as const;

  it('that is missing is a warning with its reason', async () => {
    const check = await onlyCheck('native module', { loadDemuxer: () => javascript });
    expect(check).toMatchObject({ status: 'warn', detail: expect.stringContaining('not built') });
    expect(check.mend).toContain('npm run build:native');
  });

  it('that was turned off is fine', async () => {
    const environment = { MCP_DOCKER_NATIVE: 'off' };
    const check = await onlyCheck('native module', { environment, loadDemuxer: () => javascript });
    expect(check).toMatchObject({ status: 'ok' });
  });

  it('that is required and missing fails', async () => {
    const check = await onlyCheck('native module', { loadDemuxer: throwing(new Error('no addon')) });
    expect(check).toMatchObject({ status: 'fail', detail: 'no addon' });
  });
});

describe('audit', () => {
  let directory: string;

  beforeAll(() => {
    directory = mkdtempSync(join(tmpdir(), 'doctor-'));
    writeFileSync(join(directory, 'file'), '');
    symlinkSync(join(directory, 'file'), join(directory, 'link'));
  });

  afterAll(() => rmSync(directory, { recursive: true, force: true }));

  it.each([
    ['new.jsonl', 'ok'],
    ['file', 'ok'],
    ['missing/new.jsonl', 'fail'],
    ['file/new.jsonl', 'fail'],
    ['link', 'fail'],
    ['.', 'fail'],
  ])('to %s: %s', async (name, status) => {
    const environment = { MCP_DOCKER_AUDIT_FILE: `${directory}/${name}` };
    expect(await onlyCheck('audit', { environment })).toMatchObject({ status });
  });

  it('to stderr is fine, none at all is warned of', async () => {
    expect(await onlyCheck('audit', {})).toMatchObject({ status: 'ok', detail: 'to stderr' });
    expect(await onlyCheck('audit', { environment: { MCP_DOCKER_AUDIT: '0' } })).toMatchObject({ status: 'warn' });
  });
});

describe('security', () => {
  it.each([
    { MCP_DOCKER_SECURITY: '0' },
    { MCP_DOCKER_ALLOW_ROOT: '1' },
    { MCP_DOCKER_ALLOW_HOST_ACCESS: '1' },
    { MCP_DOCKER_COMMAND_PATTERNS: '^ls' },
    { MCP_DOCKER_COMMAND_POLICY_MODE: 'allowlist' },
    { MCP_DOCKER_COMMAND_POLICY_MODE: 'denylist' },
  ])('%j is warned of', async (environment) => {
    const check = await onlyCheck('security', { environment });
    expect(check).toMatchObject({ status: 'warn', mend: expect.stringContaining('MCP_DOCKER_') });
  });

  it('warns of each by itself', async () => {
    const environment = { MCP_DOCKER_SECURITY: '0', MCP_DOCKER_ALLOW_ROOT: '1' };
    expect(await checksNamed('security', { environment })).toHaveLength(2);
  });
});
