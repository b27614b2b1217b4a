import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { McpServerProcess } from '../processes/mcp-server.ts';
import { type BenchmarkContext, interleave, type Measure, type Question, samplesOf } from '../question.ts';

const ROUNDS = 20;
const NODE = 'node -e 0';
const CONTENDERS = ['mcp-docker-exec', NODE] as const;

async function timed(work: () => Promise<void>): Promise<number> {
  const begun = performance.now();
  await work();
  return performance.now() - begun;
}

async function startNode(): Promise<void> {
  await once(spawn(process.execPath, ['-e', '0'], { stdio: 'ignore' }), 'exit');
}

async function measure(context: BenchmarkContext): Promise<Measure[]> {
  const { dockerHost } = await context.engine();
  const trials = await interleave(CONTENDERS, context.rounds ?? ROUNDS, async (contender) => {
    if (contender === NODE) return { milliseconds: await timed(startNode) };
    let server: McpServerProcess | undefined;
    const milliseconds = await timed(async () => {
      server = await McpServerProcess.start(dockerHost);
    });
    await server?.close();
    return { milliseconds };
  });
  const series = CONTENDERS.map((contender) => ({
    case: 'start',
    contender,
    samples: samplesOf(trials.get(contender), 'milliseconds'),
  }));
  return [{ name: 'Time to the first answer', unit: 'ms', better: 'lower', series }];
}

export const start: Question = {
  name: 'start',
  title: 'Starting the server',
  method: 'From starting the process to its answer to `initialize`, against a Node process that does nothing and ends.',
  reference: NODE,
  measure,
};
