import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { beforeAll, expect, it } from 'vitest';
import type { TestContainer } from '../engine/containers.ts';
import { useEngine } from '../engine/use.ts';
import { sha256, streamed } from './chunks.ts';
import { startRaw } from './raw-client.ts';
import { execReply } from './results.ts';
import { fileIn, untilSeen } from './witness.ts';

const engine = useEngine();
let box: TestContainer;

beforeAll(async () => {
  box = await engine.run();
});

/** Resident memory of a process in bytes, as it was at most. */
function peakMemory(pid: number): number {
  const [, kilobytes = ''] = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return Number(kilobytes) * 1024;
}

const BLOCK = 1000;

/** Writes numbered blocks and notes how many, until it is told to stop. */
const COUNTING = [
  'rm -f /tmp/stop; i=0',
  `while [ ! -e /tmp/stop ]; do printf "%${BLOCK}d" $i; i=$((i+1)); echo $i > /tmp/count; done`,
].join('; ');

it('a client that stops reading stops the command, and gets every byte when it reads on', async () => {
  const client = await startRaw({ env: { DOCKER_HOST: engine.dockerHost } });
  const count = async (): Promise<number> => Number(await fileIn(box, '/tmp/count'));
  const args = { id: box.name, cmd: ['sh', '-c', COUNTING], user: '1000', stream: true };
  const id = client.begin('docker_exec', args, { token: 'blocks' });
  await client.until(({ params }) => params?.progressToken === 'blocks');
  const before = peakMemory(client.pid);
  client.stopReading();

  let last = -1;
  let same = 0;
  await untilSeen(count, (seen) => {
    same = seen === last ? same + 1 : 0;
    last = seen;
    return same === 10;
  });
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
  const expected = Array.from({ length: blocks }, (_, index) => String(index).padStart(BLOCK)).join('');
  expect(text('stdout') === expected).toBe(true);
}, 60_000);

/** More than fits between the engine and a client that does not read, so that the engine still has some of it at the end. */
const REST_BYTES = 2_100_000;
/** Docker 20.10 keeps an ended process's output for 2 s. */
const PAUSE_MS = 5_000;

it('a client that reads on long after the command has ended gets every byte, and no notice', async () => {
  const env = { DOCKER_HOST: engine.dockerHost, MCP_DOCKER_MAX_BYTES: '4194304' };
  const client = await startRaw({ env });
  const script = [
    'echo ready; until [ -e /tmp/read-no-more ]; do sleep 0.05; done',
    `yes 0123456789 | head -c ${REST_BYTES}; echo done > /tmp/written`,
  ].join('; ');
  const args = { id: box.name, cmd: ['sh', '-c', script], user: '1000', stream: true };
  const id = client.begin('docker_exec', args, { token: 'rest' });
  await client.until(({ params }) => params?.message === 'ready\n');
  client.stopReading();
  await box.exec(['touch', '/tmp/read-no-more']);
  await untilSeen(
    () => fileIn(box, '/tmp/written'),
    (text) => text !== '',
  );
  // Nothing announces that the engine would have given up by now.
  await delay(PAUSE_MS);
  client.resumeReading();
  const result = execReply(await client.result(id));
  const { text } = streamed(client, 'rest', id, 16_384);
  const expected = `ready\n${'0123456789\n'.repeat(REST_BYTES / 10).slice(0, REST_BYTES)}`;
  expect(sha256(text('stdout'))).toBe(sha256(expected));
  expect(result).toMatchObject({ outcome: 'exited', exitCode: 0, termination: 'none', notices: [] });
  expect(sha256(result.stdout)).toBe(sha256(expected));
}, 60_000);
