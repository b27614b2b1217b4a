import { expect, it } from 'vitest';
import { auditFile } from '../e2e/audit-file.ts';
import { sha256 } from '../e2e/chunks.ts';
import { peakMemory } from '../e2e/process-facts.ts';
import { type RawClient, type RequestId, startRaw } from '../e2e/raw-client.ts';
import { execReply } from '../e2e/results.ts';
import { fileIn, pool, untilPool } from '../e2e/witness.ts';
import { useEngine } from '../engine/use.ts';
import { MOST_MEMORY, scale, tell } from './scale.ts';

const PLACES = 10;
/** Bytes a call may take while it waits; most of it is garbage that is not collected yet. */
const WAITING_MEMORY = 100 * 1024;
const engine = useEngine();

/** Writes lines of its own to both channels, and notes how many run beside it: a directory a run, counted by itself. */
const script = (index: number): string =>
  [
    'mkdir /tmp/runs/$$; ls /tmp/runs | wc -l >> /tmp/counts',
    `seq ${index}000 ${index}999; seq ${index}000 ${index}499 >&2`,
    'rmdir /tmp/runs/$$',
  ].join('; ');

/** `count` lines from `index`000 on. */
const lines = (index: number, count: number): string =>
  Array.from({ length: count }, (_, line) => `${index * 1000 + line}\n`).join('');

const HOLD = 'until [ -e /tmp/go ]; do usleep 10000; done';

/** Asks again and again: a thousand times, a pause between would be most of the test. */
async function untilQueued(client: RawClient, queued: number): Promise<void> {
  while ((await pool(client)).queued < queued);
}

async function expectOwnOutput(client: RawClient, id: RequestId, index: number): Promise<void> {
  const { stdout, stderr, ...result } = execReply(await client.result(id));
  expect(result).toMatchObject({ outcome: 'exited', exitCode: 0, truncated: false, notices: [] });
  expect([stdout, stderr].map(sha256)).toEqual([lines(index, 1000), lines(index, 500)].map(sha256));
}

it('all queued execs run, first in first out, never more than the cap', { timeout: scale.patienceMs }, async () => {
  const box = await engine.run();
  await box.exec(['sh', '-c', 'mkdir -m 777 /tmp/runs; : > /tmp/counts; chmod 666 /tmp/counts']);
  const audit = auditFile();
  const limits = { MCP_DOCKER_MAX_CONCURRENT: String(PLACES), MCP_DOCKER_MAX_QUEUE: String(scale.queued) };
  const client = await startRaw({ env: { DOCKER_HOST: engine.dockerHost, ...audit.env, ...limits } });
  const begin = (command: string) =>
    client.begin('docker_exec', { id: box.name, cmd: ['sh', '-c', command], user: '1000' });
  const begun = performance.now();

  const holding = Array.from({ length: PLACES }, () => begin(HOLD));
  await untilPool(client, { running: PLACES, queued: 0 });
  const ids: RequestId[] = [];
  // One by one: a call enters the queue when its checks are done, and those of many at once may overtake each other.
  while (ids.length < scale.queued) {
    ids.push(begin(script(ids.length + 1)));
    await untilQueued(client, ids.length);
  }
  await box.exec(['touch', '/tmp/go']);
  for (const id of holding) expect(execReply(await client.result(id))).toMatchObject({ exitCode: 0 });
  for (const [index, id] of ids.entries()) await expectOwnOutput(client, id, index + 1);

  const peak = peakMemory(client.pid);
  tell('queued execs', { execs: scale.queued, ms: Math.round(performance.now() - begun), peak });
  const completed = PLACES + scale.queued;
  expect(await pool(client)).toMatchObject({ limit: PLACES, running: 0, queued: 0, completed });
  const counts = (await fileIn(box, '/tmp/counts')).trim().split('\n').map(Number);
  expect(counts).toHaveLength(scale.queued);
  expect(Math.max(...counts)).toBeLessThanOrEqual(PLACES);
  expect(peak).toBeLessThan(MOST_MEMORY + scale.queued * WAITING_MEMORY);

  await client.close();
  const started = (await audit.verified()).filter(({ event }) => event === 'started').slice(PLACES);
  expect(started.map(({ argv }) => argv)).toEqual(ids.map((_, index) => ['sh', '-c', script(index + 1)]));
});
