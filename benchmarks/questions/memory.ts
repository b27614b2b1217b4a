import { setTimeout as delay } from 'node:timers/promises';
import { McpServerProcess } from '../processes/mcp-server.ts';
import { peakMemoryOf, sampleMemory } from '../processes/memory.ts';
import { type BenchmarkContext, interleave, type Measure, type Question, type Timeline } from '../question.ts';
import { OUTPUT_FILE, writeOutputFile } from './output-file.ts';

const ROUNDS = 3;
const NAME = 'mcp-docker-exec';
const LINE = 'GET /api/items/42 200 3ms user=7 session=0123456789abcdef\n';
const FILE_BLOCKS = 200;
/** 2 GB out of a file of 200 MB. */
const COMMAND = ['cat', ...Array.from({ length: 10 }, () => OUTPUT_FILE)];
const BYTES = 2e9;
const READ_MS = 1000;
const STOPPED_MS = 6000;

type Client = (server: McpServerProcess, id: string) => Promise<void>;

async function readAll(server: McpServerProcess, id: string, stream: boolean): Promise<void> {
  const { result } = await server.callTool('docker_exec', { id, cmd: COMMAND, stream });
  const { stdoutBytes } = Object(result['structuredContent']);
  if (stdoutBytes !== BYTES) throw new Error(`The command wrote ${stdoutBytes} bytes instead of ${BYTES}`);
}

/** Reads for a moment, then no more, as a client does that hangs. */
async function stopReading(server: McpServerProcess, id: string): Promise<void> {
  server.callTool('docker_exec', { id, cmd: COMMAND, stream: true }).catch(() => undefined);
  await delay(READ_MS);
  server.stopReading();
  await delay(STOPPED_MS);
}

const CLIENTS: Readonly<Record<string, Client>> = {
  '2 GB streamed': (server, id) => readAll(server, id, true),
  '2 GB buffered': (server, id) => readAll(server, id, false),
  'client stopped reading': stopReading,
};

async function measure(context: BenchmarkContext): Promise<Measure[]> {
  const { dockerHost, run } = await context.engine();
  const container = await run();
  await writeOutputFile(container, LINE, FILE_BLOCKS);
  const timelines: Timeline[] = [];
  const trials = await interleave(Object.entries(CLIENTS), context.rounds ?? ROUNDS, async ([name, client], round) => {
    context.progress(name);
    const server = await McpServerProcess.start(dockerHost);
    const samples = sampleMemory(server.pid);
    await client(server, container.id).finally(() => samples());
    if (round === 0) timelines.push({ name, points: samples() });
    const megabytes = peakMemoryOf(server.pid);
    await server.close();
    return { megabytes };
  });
  await container.remove();
  const series = [...trials].map(([[name], figures]) => ({
    case: name,
    contender: NAME,
    samples: figures.map(({ megabytes = Number.NaN }) => megabytes),
  }));
  return [{ name: 'Peak resident memory', unit: 'MB', better: 'lower', series, timelines }];
}

export const memory: Question = {
  name: 'memory',
  title: 'Memory',
  method: [
    'The whole server process, from its start on, while one command writes 2 GB: streamed, buffered, and streamed to a client',
    `that reads for ${READ_MS / 1000} s and then stops for ${STOPPED_MS / 1000} s. The most it ever had (VmHWM); over time as sampled in the first round.`,
  ].join(' '),
  measure,
};
