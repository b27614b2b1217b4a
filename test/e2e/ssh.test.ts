import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { useEngine } from '../engine/use.ts';
import { startServer } from './client.ts';
import { execReply } from './results.ts';

const engine = useEngine();
let folder: string;

/** Stands in for OpenSSH: runs here, against the test's engine, what it is asked to run on the other host. */
const SSH = `#!/bin/sh
while [ "$1" != -- ]; do shift; done
shift 2
DOCKER_HOST=${engine.dockerHost} exec "$@"
`;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'ssh-'));
  writeFileSync(join(folder, 'ssh'), SSH);
  chmodSync(join(folder, 'ssh'), 0o755);
});

afterAll(() => rmSync(folder, { recursive: true }));

it('an ssh endpoint carries commands, logs, a kill and one call after the other', async () => {
  const path = `${folder}${delimiter}${process.env['PATH'] ?? ''}`;
  const server = await startServer({ env: { DOCKER_HOST: 'ssh://me@elsewhere', PATH: path } });
  const container = await engine.run({ cmd: ['sh', '-c', 'echo logged; exec sleep 600'] });
  const id = container.id;
  for (const text of ['one', 'two']) {
    const reply = await server.call('docker_exec', { id, cmd: ['cat'], stdin: text });
    expect(execReply(reply)).toMatchObject({ stdout: text, exitCode: 0 });
  }
  expect(await server.call('docker_logs', { id })).toMatchObject({
    structured: { outcome: 'ended', stdout: 'logged\n' },
  });
  const killed = await server.call('docker_exec', { id, cmd: ['sleep', '60'], timeoutMs: 300 });
  expect(execReply(killed)).toMatchObject({ outcome: 'timeout', termination: 'killed' });
});
