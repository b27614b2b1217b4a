import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { useEngine } from '../engine/use.ts';
import { auditFile } from './audit-file.ts';
import { openServer, startServer } from './client.ts';
import { runProgram } from './program.ts';
import { startRaw } from './raw-client.ts';
import { execResult, failure } from './results.ts';

const engine = useEngine();

describe('the audit file', () => {
  it('has a started and a finished record of a run, complete and without secrets', async () => {
    const audit = auditFile();
    const container = await engine.run();
    const server = await startServer({ env: { DOCKER_HOST: engine.dockerHost, ...audit.env } });
    const stdin = 'the secret of the input';
    const args = { id: container.name, cmd: ['sh', '-c', 'cat; exit 3', '--password=hunter2'], user: 'app', stdin };
    const result = execResult.parse((await server.call('docker_exec', args)).structured);
    const { traceId, execId } = result;
    const run = {
      traceId,
      execId,
      tool: 'docker_exec',
      containerId: container.id,
      container: container.name,
      user: '1000:1000',
      argv: ['sh', '-c', 'cat; exit 3', '--password=[REDACTED]'],
      verdict: 'allowed',
      rule: expect.any(String),
      stdin: { bytes: 23, sha256: createHash('sha256').update(stdin).digest('hex') },
    };
    expect(audit.records()).toEqual([
      expect.objectContaining({ event: 'started', ...run }),
      expect.objectContaining({
        event: 'finished',
        ...run,
        outcome: 'exited',
        exitCode: 3,
        termination: 'none',
        stdoutBytes: 23,
        stderrBytes: 0,
        durationMs: expect.any(Number),
      }),
    ]);
    const text = readFileSync(audit.env.MCP_DOCKER_AUDIT_FILE, 'utf8');
    expect(text).not.toMatch(/hunter2|secret of the input/);
    expect(statSync(audit.env.MCP_DOCKER_AUDIT_FILE).mode & 0o777).toBe(0o600);
  });

  it('has one record of a call that ran nothing', async () => {
    const audit = auditFile();
    const container = await engine.run();
    const server = await startServer({ env: { DOCKER_HOST: engine.dockerHost, ...audit.env } });
    await server.call('docker_exec', { id: container.id, cmd: ['id'], user: 'root' });
    await server.call('docker_exec', { id: container.id, cmd: [] });
    await server.call('docker_exec', { id: 'no-such-container', cmd: ['id'] });
    await server.call('docker_ps');
    await server.call('docker_inspect', { kind: 'container', id: container.id });
    expect(audit.records()).toEqual([
      expect.objectContaining({
        event: 'denied',
        tool: 'docker_exec',
        verdict: 'denied',
        errorCode: 'POLICY_DENIED',
        rule: expect.stringMatching(/^user\./),
        container: container.name,
        argv: ['id'],
      }),
      expect.objectContaining({ event: 'denied', errorCode: 'INVALID_ARGUMENT', rule: 'input' }),
      expect.objectContaining({ event: 'finished', tool: 'docker_exec', errorCode: 'CONTAINER_NOT_FOUND' }),
      expect.objectContaining({ event: 'finished', tool: 'docker_ps' }),
      expect.objectContaining({ event: 'finished', tool: 'docker_inspect', containerId: container.id }),
    ]);
  });

  it('says that a command was not found after it was started', async () => {
    const audit = auditFile();
    const container = await engine.run();
    const server = await startServer({ env: { DOCKER_HOST: engine.dockerHost, ...audit.env } });
    await server.call('docker_exec', { id: container.id, cmd: ['no-such-program'] });
    expect(audit.records()).toEqual([
      expect.objectContaining({ event: 'started' }),
      expect.objectContaining({ event: 'finished', errorCode: 'COMMAND_NOT_FOUND' }),
    ]);
  });

  it('has the started record on disk before the command runs', async () => {
    const audit = auditFile();
    const container = await engine.run();
    const server = await startServer({ env: { DOCKER_HOST: engine.dockerHost, ...audit.env } });
    const seen: unknown[] = [];
    const args = { id: container.id, cmd: ['sh', '-c', 'echo up; sleep 1'], stream: true };
    await server.call('docker_exec', args, { onProgress: () => seen.push(audit.records().map(({ event }) => event)) });
    expect(seen[0]).toEqual(['started']);
  });

  it('goes on with its chain when the server starts again', async () => {
    const audit = auditFile();
    for (const expected of [1, 2, 3]) {
      const server = await openServer({ env: { DOCKER_HOST: engine.dockerHost, ...audit.env } });
      await server.call('docker_ps');
      await server.close();
      expect(await audit.verified()).toHaveLength(expected);
    }
    const [first, second] = audit.records();
    expect(first?.['prev']).toBe('0'.repeat(64));
    expect(second?.['prev']).toBe(first?.['hash']);
    const [line = ''] = readFileSync(audit.env.MCP_DOCKER_AUDIT_FILE, 'utf8').split('\n');
    const sealed = line.slice(0, line.lastIndexOf(',"hash":'));
    expect(createHash('sha256').update(sealed).digest('hex')).toBe(first?.['hash']);
  });

  it('is stderr where none is named', async () => {
    const server = await startServer({ env: { DOCKER_HOST: engine.dockerHost } });
    await server.call('docker_ps');
    await server.close();
    const records = server.stderr.map((line) => JSON.parse(line)).filter((record) => 'hash' in record);
    expect(records).toEqual([expect.objectContaining({ event: 'finished', tool: 'docker_ps', prev: '0'.repeat(64) })]);
  });
});

describe('an audit that cannot be written', () => {
  /** A file system with room for a few records. */
  function tinyDisk(): string {
    const folder = mkdtempSync(join(tmpdir(), 'audit-full-'));
    const mount = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=16k', 'tmpfs', folder], { encoding: 'utf8' });
    onTestFinished(() => {
      spawnSync('umount', [folder]);
      rmSync(folder, { recursive: true });
    });
    if (mount.status !== 0) throw new Error(`The test needs to mount a file system: ${mount.stderr}`);
    return folder;
  }

  async function untilFull(onError: 'deny' | 'warn') {
    const file = join(tinyDisk(), 'audit.jsonl');
    const container = await engine.run();
    const server = await startServer({
      env: { DOCKER_HOST: engine.dockerHost, MCP_DOCKER_AUDIT_FILE: file, MCP_DOCKER_AUDIT_ON_ERROR: onError },
    });
    const size = () => statSync(file).size;
    for (let before = -1; size() > before; ) {
      before = size();
      await server.call('docker_exec', { id: container.id, cmd: ['x'.repeat(1000)], user: 'root' });
    }
    return { container, server };
  }

  it('refuses every call, and nothing runs', async () => {
    const { container, server } = await untilFull('deny');
    const reply = await server.call('docker_exec', { id: container.id, cmd: ['touch', '/tmp/ran', 'x'.repeat(5000)] });
    expect(failure.parse(reply.structured).error).toMatchObject({
      code: 'AUDIT_FAILED',
      retryable: true,
      message: expect.stringContaining('ENOSPC'),
      hint: expect.stringContaining('MCP_DOCKER_AUDIT_ON_ERROR'),
    });
    expect((await container.exec(['test', '-e', '/tmp/ran'])).code).toBe(1);
  });

  it('is only warned of where that is chosen', async () => {
    const { container, server } = await untilFull('warn');
    const reply = await server.call('docker_exec', { id: container.id, cmd: ['touch', '/tmp/ran'] });
    expect(reply).toMatchObject({ isError: false, structured: { exitCode: 0 } });
    expect((await container.exec(['test', '-e', '/tmp/ran'])).code).toBe(0);
    expect(server.stderr.join('\n')).toMatch(/"level":"warn".*was not written/);
  });

  it('stops the start where it is in use by another server', async () => {
    const audit = auditFile();
    await startServer({ env: { DOCKER_HOST: engine.dockerHost, ...audit.env } });
    const { code, stderr } = await runProgram([], { DOCKER_HOST: engine.dockerHost, ...audit.env });
    expect(code).toBe(2);
    expect(stderr).toMatch(/^MCP_DOCKER_AUDIT_FILE: expected .*\n$/);
  });
});

describe('an audit on a device', () => {
  it('that is full refuses each call; on /dev/null nothing is kept', async () => {
    const container = await engine.run();
    for (const [file, code] of [
      ['/dev/full', 'AUDIT_FAILED'],
      ['/dev/null', undefined],
    ] as const) {
      const server = await startServer({ env: { DOCKER_HOST: engine.dockerHost, MCP_DOCKER_AUDIT_FILE: file } });
      for (let call = 0; call < 2; call++) {
        const reply = await server.call('docker_exec', { id: container.id, cmd: ['true'] });
        expect(failure.safeParse(reply.structured).data?.error.code).toBe(code);
      }
    }
  });
});

describe('an audit on a stderr that nobody reads', () => {
  it('keeps no call waiting, and then no shutdown', async () => {
    const raw = await startRaw({ env: { DOCKER_HOST: engine.dockerHost } });
    raw.stopReadingErrors();
    const unknown = Object.fromEntries(Array.from({ length: 5 }, (_, at) => [`${at}${'k'.repeat(40)}`, at]));
    for (let call = 0; call < 500; call++) {
      expect((await raw.call('health', unknown)).structured).toMatchObject({ error: { code: 'INVALID_ARGUMENT' } });
    }
    const begun = performance.now();
    raw.signal('SIGTERM');
    expect((await raw.ended()).signal).toBeNull();
    expect(performance.now() - begun).toBeLessThan(6000);
  });
});
