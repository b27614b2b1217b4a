import { percentileMeasure, percentiles } from '../percentiles.ts';
import { runDockerCli } from '../processes/docker-cli.ts';
import { McpServerProcess } from '../processes/mcp-server.ts';
import { type BenchmarkContext, interleave, type Measure, type Question } from '../question.ts';

const ROUNDS = 5;
const CALLS = 40;
const WARM_UP_CALLS = 3;
const REFERENCE = 'docker exec';
const CONTENDERS = ['mcp-docker-exec', REFERENCE] as const;

/** Milliseconds of each of so many runs, one after the other. */
async function timed(run: () => Promise<unknown>): Promise<number[]> {
  const milliseconds: number[] = [];
  for (let n = 0; n < CALLS; n += 1) {
    const begun = performance.now();
    await run();
    milliseconds.push(performance.now() - begun);
  }
  return milliseconds;
}

async function withServer(dockerHost: string, id: string): Promise<number[]> {
  const server = await McpServerProcess.start(dockerHost);
  const call = () => server.callTool('docker_exec', { id, cmd: ['true'] });
  for (let n = 0; n < WARM_UP_CALLS; n += 1) await call();
  return timed(call).finally(() => server.close());
}

async function measure(context: BenchmarkContext): Promise<Measure[]> {
  const { dockerHost, run } = await context.engine();
  const container = await run();
  const trials = await interleave<string>(CONTENDERS, context.rounds ?? ROUNDS, async (contender) => {
    const cli = () => timed(() => runDockerCli(dockerHost, ['exec', container.id, 'true']));
    return percentiles(await (contender === REFERENCE ? cli() : withServer(dockerHost, container.id)));
  });
  await container.remove();
  return [percentileMeasure('Time from request to result', trials)];
}

export const execLatency: Question = {
  name: 'exec-latency',
  title: 'One short command',
  method: [
    `\`true\` in a running container, ${CALLS} times a trial. The server is running, as it does under a client, and has done`,
    'three calls; the Docker CLI is a new process each time, as it always is. The server checks the command against its',
    'policy, resolves the user, writes two audit records and asks the engine how the command ended.',
  ].join(' '),
  reference: REFERENCE,
  measure,
};
