import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import type { TestContainer } from '../../engine/containers.ts';
import { bytesText } from '../screen.ts';
import { must, type Stage, type Step } from '../stage.ts';

const FLOOD_MS = 1_000;
const GONE_WITHIN_MS = 6_000;

const healthShape = z.object({
  status: z.string(),
  version: z.string(),
  engine: z.object({ reachable: z.boolean(), version: z.string().nullable(), latencyMs: z.number().nullable() }),
  pool: z.object({ threads: z.int(), limit: z.int(), running: z.int(), completed: z.int() }),
  demuxer: z.string(),
});

/** Health while a command floods the client, and a cancel that stops the flood at its source. */
export const health: Step = {
  title: 'Health under a flood of output, then cancel',
  async show(stage) {
    const { engine, server, screen } = stage;
    const container = await engine.run();
    const cancel = new AbortController();
    let total = 0;
    const onChunk = (chunk: { readonly total: number }): void => {
      total = chunk.total;
    };
    const args = { id: container.name, cmd: ['yes', 'a flood that never ends'], stream: true };
    screen.request('docker_exec', args);
    const flood = server.call('docker_exec', args, { onChunk, signal: cancel.signal }).then(
      () => 'answered',
      () => 'cancelled',
    );
    await pause(FLOOD_MS);
    await showHealth(stage);
    cancel.abort();
    must((await flood) === 'cancelled', 'a cancelled call gets no result');
    await untilGone(container);
    screen.holds(`cancelled after ${bytesText(total)}; ps in the container finds nothing of it left`);
  },
};

async function showHealth({ server, screen }: Stage): Promise<void> {
  screen.request('health', {});
  const begun = performance.now();
  const found = healthShape.parse((await server.call('health', {})).structured);
  const ms = performance.now() - begun;
  const { engine, pool, demuxer, status, version } = found;
  screen.note(`status ${status} · server ${version} · engine ${engine.version} · demuxer ${demuxer}`);
  screen.note(`pool: ${pool.running} running of ${pool.limit}, ${pool.completed} completed, ${pool.threads} thread(s)`);
  must(engine.reachable && pool.running === 1, 'health sees the engine and the running command');
  must(ms < 2_000, 'health answers within 2 s');
  screen.holds(`answered in ${Math.round(ms)} ms while the output kept coming`);
}

async function untilGone(container: TestContainer): Promise<void> {
  for (const until = performance.now() + GONE_WITHIN_MS; performance.now() < until; await pause(100)) {
    const { stdout } = await container.exec(['ps', '-o', 'args']);
    if (!stdout.toString().includes('a flood')) return;
  }
  must(false, 'a cancelled command is gone from the container');
}
