import { setTimeout as delay } from 'node:timers/promises';
import { beforeEach, expect, it } from 'vitest';
import type { TestContainer } from '../engine/containers.ts';
import { useEngine } from '../engine/use.ts';
import { sha256, streamed } from './chunks.ts';
import { peakMemory } from './process-facts.ts';
import { startRaw } from './raw-client.ts';
import { execReply } from './results.ts';
import { fileIn, untilSeen } from './witness.ts';

const engine = useEngine();
let box: TestContainer;

beforeEach(async () => {
  box = await engine.run();
});

const BLOCK = 1000;

/** Writes numbered blocks and notes how many, until it is told to stop. */
const COUNTING = [
  'rm -f /tmp/stop; i=0',
  `while [ ! -e /tmp/stop ]; do printf "%${BLOCK}d" $i; i=$((i+1)); echo $i > /tmp/count; done`,
].join('; ');

const count = async (): Promise<number> => Number(await fileIn(box, '/tmp/count'));

/** The number of blocks once it grows no more: the command waits in a write. */
async function untilBlocked(): Promise<number> {
  let last = -1;
  let same = 0;
  await untilSeen(count, (seen) => {
    same = seen === last ? same + 1 : 0;
    last = seen;
    return same === 10;
  });
  return last;
}

function blocksOf(total: number): string {
  return Array.from({ length: total }, (_, index) => String(index).padStart(BLOCK)).join('');
}

it('a client that stops reading stops the command, and gets every byte when it reads on', async () => {
  const client = await startRaw({ env: { DOCKER_HOST: engine.dockerHost } });
  const args = { id: box.name, cmd: ['sh', '-c', COUNTING], user: '1000', stream: true };
  const id = client.begin('docker_exec', args, { token: 'blocks' });
  await client.until(({ params }) => params?.progressToken === 'blocks');
  const before = peakMemory(client.pid);
  client.stopReading();

  const last = await untilBlocked();
  expect(last).toBeGreaterThan(0);
  expect(peakMemory(client.pid) - before).toBeLessThan(64 * 1024 * 1024);

  // The server is not stuck: what it is asked now is answered as soon as somebody reads.
  const health = client.begin('health', {});
  client.resumeReading();
  expect((await client.result(health)).structured).toMatchObject({ status: 'healthy', pool: { running: 1 } });
  await untilSeen(count, (seen) => seen > last);
  await box.exec(['touch', '/tmp/stop']);
  const result = execReply(await client.result(id));
  const blocks = await count();
  const { text } = streamed(client, 'blocks', id, 16_384);
  expect(result).toMatchObject({ exitCode: 0, stdoutBytes: blocks * BLOCK });
  expect(text('stdout') === blocksOf(blocks)).toBe(true);
}, 60_000);

/** Docker 20.10 keeps an ended process's output for 2 s. */
const PAUSE_MS = 5_000;

it('a client that reads on long after the command has ended gets every byte, and no notice', async () => {
  const client = await startRaw({ env: { DOCKER_HOST: engine.dockerHost, MCP_DOCKER_MAX_BYTES: '4194304' } });
  const script = `echo $$ > /tmp/pid; ${COUNTING}`;
  const args = { id: box.name, cmd: ['sh', '-c', script], user: '1000', stream: true };
  const id = client.begin('docker_exec', args, { token: 'rest' });
  await client.until(({ params }) => params?.progressToken === 'rest');
  client.stopReading();
  const blocks = await untilBlocked();
  // Every buffer on the way is full now, those of the engine too; it may keep this exec waiting until they are read.
  const killed = box.exec(['sh', '-c', 'kill -s KILL $(cat /tmp/pid)']);
  // Nothing announces that the engine would have given up by now.
  await delay(PAUSE_MS);
  client.resumeReading();
  const result = execReply(await client.result(id));
  await killed;
  expect(result).toMatchObject({ outcome: 'exited', exitCode: 137, termination: 'none', notices: [] });
  const { text } = streamed(client, 'rest', id, 16_384);
  const expected = sha256(blocksOf(blocks));
  expect([sha256(text('stdout')), sha256(result.stdout)]).toEqual([expected, expected]);
}, 60_000);
