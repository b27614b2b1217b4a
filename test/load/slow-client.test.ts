import { expect, it } from 'vitest';
import { openFiles, peakMemory } from '../e2e/process-facts.ts';
import { type Progress, type RawClient, startRaw } from '../e2e/raw-client.ts';
import { countOf, pool, untilPool, untilSeen } from '../e2e/witness.ts';
import { useEngine } from '../engine/use.ts';
import { COUNTER, counted, counting } from './numbers.ts';
import { MOST_MEMORY, scale, tell } from './scale.ts';
import { StreamHash } from './stream-hash.ts';

const STREAMS = 10;
/** What a stream may take on its way: six buffers, a read, and what is kept for the result. */
const STREAM_MEMORY = 10 * 1024 * 1024;
/** Connections for control calls that each thread keeps open for the next ones; fewer than there are streams' and calls'. */
const KEPT_SOCKETS = 2 * 8;

const engine = useEngine();

/** Reads this much, then nothing for a while: about 10 MB/s, where the commands could write a hundred. */
const READ_BYTES = 262_144;
const PAUSE_MS = 20;

/** Ten streams of one client that reads slowly. */
class SlowReading {
  readonly hashes = Array.from({ length: STREAMS }, () => new StreamHash());
  #unread = READ_BYTES;
  /** The client to be slowed down, once it has started. */
  client: RawClient | undefined;

  take(progress: Progress): void {
    const hash = this.hashes[Number(progress.progressToken)];
    const before = hash?.bytes ?? 0;
    hash?.take(progress);
    this.#unread -= (hash?.bytes ?? 0) - before;
    if (this.#unread <= 0) this.#pause();
  }

  /** What came of the stream of which the least came. */
  get least(): number {
    return Math.min(...this.hashes.map(({ bytes }) => bytes));
  }

  get total(): number {
    return this.hashes.reduce((sum, { bytes }) => sum + bytes, 0);
  }

  #pause(): void {
    this.#unread = READ_BYTES;
    this.client?.stopReading();
    setTimeout(() => this.client?.resumeReading(), PAUSE_MS);
  }
}

/** Where a stream's channel begins to count, so far apart that none comes to where the next began. */
const first = (stream: number, channel: 'stdout' | 'stderr'): number =>
  100_000_000 + stream * 20_000_000 + (channel === 'stdout' ? 0 : 10_000_000);

const script = (stream: number): string =>
  `${counting(first(stream, 'stderr'))} >&2 & ${counting(first(stream, 'stdout'))}; wait`;

/** Asks for health until `wanted`, and looks after each answer. Returns the longest it took to answer, in ms. */
async function healthUntil(client: RawClient, wanted: () => boolean, look: () => void): Promise<number> {
  let slowest = 0;
  const ask = async (): Promise<void> => {
    const asked = performance.now();
    await pool(client);
    slowest = Math.max(slowest, performance.now() - asked);
    look();
  };
  await untilSeen(ask, wanted, scale.patienceMs);
  return Math.round(slowest);
}

const patience = { timeout: scale.patienceMs };

it('ten endless streams to a slow client are exact as far as they came, and end when cancelled', patience, async () => {
  const box = await engine.run();
  const reading = new SlowReading();
  const limits = { MCP_DOCKER_MAX_CONCURRENT: String(STREAMS), MCP_DOCKER_KILL_GRACE_MS: '500' };
  const env = { DOCKER_HOST: engine.dockerHost, ...limits };
  const client = await startRaw({ env, onProgress: (progress) => reading.take(progress) });
  reading.client = client;
  const run = (cmd: readonly string[]) => ({ id: box.name, cmd, user: '1000', stream: true });
  await client.call('docker_exec', run(['true']));
  const idle = openFiles(client.pid);
  const begun = performance.now();
  const ids = reading.hashes.map((_, token) =>
    client.begin('docker_exec', run(['sh', '-c', script(token)]), { token }),
  );
  const expectNoReply = () => expect(client.messages.filter(({ id }) => ids.some((one) => one === id))).toEqual([]);

  const slowestAnswer = await healthUntil(client, () => reading.least >= scale.slowBytes, expectNoReply);
  expect(await pool(client)).toMatchObject({ running: STREAMS, queued: 0 });
  expect(await countOf(box, COUNTER)).toBe(2 * STREAMS);

  for (const id of ids) client.cancel(id);
  await untilPool(client, { running: 0, queued: 0 });
  const [came, peak] = [reading.total, peakMemory(client.pid)];
  tell('ten slow streams', { bytes: came, ms: Math.round(performance.now() - begun), peak, slowestAnswer });
  expect(await countOf(box, COUNTER)).toBe(0);
  await untilSeen(
    async () => openFiles(client.pid),
    (open) => (open['socket'] ?? 0) <= (idle['socket'] ?? 0) + KEPT_SOCKETS,
  );
  expectNoReply();
  expect(reading.total).toBe(came);
  for (const [stream, hash] of reading.hashes.entries()) {
    for (const channel of ['stdout', 'stderr'] as const) {
      const delivered = hash.of(channel);
      expect(delivered.bytes).toBeGreaterThan(0);
      expect(delivered).toEqual(counted(first(stream, channel), delivered.bytes));
    }
  }
  expect(slowestAnswer).toBeLessThan(2_000);
  expect(peak).toBeLessThan(MOST_MEMORY + STREAMS * STREAM_MEMORY);
});
