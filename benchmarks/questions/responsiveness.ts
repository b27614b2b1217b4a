import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { percentileMeasure, percentiles } from '../percentiles.ts';
import { McpServerProcess } from '../processes/mcp-server.ts';
import { PRODUCT, type Program } from '../processes/programs.ts';
import type { BenchmarkContext, Figures, Measure, Question } from '../question.ts';

const ROUNDS = 3;
const STREAMS = 8;
const MEASURED_MS = 8000;
const HEALTH_EVERY_MS = 25;
const NAME = 'mcp-docker-exec';
const COMMAND = ['yes', 'GET /api/items/42 200 3ms user=7 session=0123456789abcdef'];
const PRELOADED = new URL('../loop-delay.mjs', import.meta.url).href;

const figures = z.record(z.string(), z.number());

interface Trial {
  readonly loop: Figures;
  readonly health: Figures;
}

/** The product with its event loop watched; the workers have no part in it. */
function watched(file: string): Program {
  return { ...PRODUCT, env: { NODE_OPTIONS: `--import ${PRELOADED}`, BENCHMARK_LOOP_DELAY: file } };
}

async function healthTimes(server: McpServerProcess): Promise<number[]> {
  const milliseconds: number[] = [];
  const until = performance.now() + MEASURED_MS;
  while (performance.now() < until) {
    const { seconds } = await server.callTool('health', {});
    milliseconds.push(seconds * 1000);
    await delay(HEALTH_EVERY_MS);
  }
  return milliseconds;
}

/** Starts streams that write as fast as they are read, and waits until each has brought something. */
async function startStreams(server: McpServerProcess, id: string): Promise<void> {
  const seen = new Set<string>();
  const all = new Promise<void>((resolve) => {
    server.watch((read) => {
      for (const [token] of read.toString('latin1').matchAll(/"progressToken":\d+/g)) seen.add(token);
      if (seen.size === STREAMS) resolve();
    });
  });
  for (let n = 0; n < STREAMS; n += 1) {
    // They end with the server.
    server.callTool('docker_exec', { id, cmd: COMMAND, stream: true }).catch(() => undefined);
  }
  await all;
  server.watch(() => undefined);
}

async function trial(dockerHost: string, id: string, file: string): Promise<Trial> {
  const server = await McpServerProcess.start(dockerHost, watched(file));
  await startStreams(server, id);
  server.signal('SIGUSR2');
  const health = percentiles(await healthTimes(server));
  server.signal('SIGUSR2');
  await server.callTool('health', {});
  await server.close();
  return { health, loop: figures.parse(JSON.parse(readFileSync(file, 'utf8'))) };
}

async function measure(context: BenchmarkContext): Promise<Measure[]> {
  const { dockerHost, run } = await context.engine();
  const container = await run();
  const folder = mkdtempSync(join(tmpdir(), 'mcp-docker-exec-bench-'));
  const trials: Trial[] = [];
  for (let round = 0; round < (context.rounds ?? ROUNDS); round += 1) {
    trials.push(await trial(dockerHost, container.id, join(folder, `${round}.json`)));
  }
  rmSync(folder, { recursive: true });
  await container.remove();
  return [
    percentileMeasure('Delay of the main loop', new Map([[NAME, trials.map(({ loop }) => loop)]])),
    percentileMeasure('Time of health', new Map([[NAME, trials.map(({ health }) => health)]])),
  ];
}

export const responsiveness: Question = {
  name: 'responsiveness',
  title: 'Answering while output floods',
  method: [
    `${STREAMS} streams of \`yes\` that nothing but the reader holds back, for ${MEASURED_MS / 1000} s a trial. The main loop’s`,
    'delay is that of a timer of 1 ms, which is in the figure; `health` is asked 25 ms after each answer and asks the engine',
    'in turn. Engine, streams, server and reader share this machine.',
  ].join(' '),
  measure,
};
