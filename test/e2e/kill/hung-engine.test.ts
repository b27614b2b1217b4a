import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Engine, startEngine } from '../../engine/engine.ts';
import { openServer, type TestServer } from '../client.ts';
import { execReply } from '../results.ts';
import { untilSeen } from '../witness.ts';
import { pidsWith } from './host-witness.ts';

const GRACE_MS = 300;
const TIMEOUT_MS = 1_500;
/** The contract's bound on what comes between the reason and the result, beside the grace; and what a busy machine may add. */
const REST_MS = 1_000 + 400;

/** An engine of this file's own, which may be stopped. */
let engine: Engine;
let server: TestServer;

beforeAll(async () => {
  engine = await startEngine();
  server = await openServer({ env: { DOCKER_HOST: engine.dockerHost, MCP_DOCKER_KILL_GRACE_MS: String(GRACE_MS) } });
});

afterAll(async () => {
  await server.close();
  await engine.stop();
});

it('an engine that hangs does not keep a run alive on its own machine, nor the result back', async () => {
  const box = await engine.run();
  const word = '50001';
  const cmd = ['sh', '-c', `sleep ${word}; touch /tmp/C`];
  const call = server.call('docker_exec', { id: box.id, cmd, user: '1000', timeoutMs: TIMEOUT_MS });
  const pids = () => pidsWith(box.id, word);
  await untilSeen(
    async () => pids().length,
    (count) => count === 1,
  );
  await engine.kill('SIGSTOP');
  try {
    const { outcome, termination, durationMs } = execReply(await call);
    expect({ outcome, termination, alive: pids() }).toEqual({ outcome: 'timeout', termination: 'unknown', alive: [] });
    expect(durationMs - TIMEOUT_MS).toBeLessThan(GRACE_MS + REST_MS);
  } finally {
    await engine.kill('SIGCONT');
  }
  expect((await box.exec(['ls', '/tmp/C'])).code).not.toBe(0);
});
