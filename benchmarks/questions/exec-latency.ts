import { runDockerCli } from '../processes/docker-cli.ts';
import { McpServerProcess } from '../processes/mcp-server.ts';
import { type BenchmarkContext, interleave, type Measure, type Question, samplesOf } from '../question.ts';

const ROUNDS = 25;
const WARM_UP_CALLS = 3;
const CONTENDERS = ['mcp-docker-exec', 'docker exec'] as const;

async function measure(context: BenchmarkContext): Promise<Measure[]> {
  const { dockerHost, run } = await context.engine();
  const container = await run();
  const server = await McpServerProcess.start({ DOCKER_HOST: dockerHost });
  const call = () => server.callTool('docker_exec', { id: container.id, cmd: ['true'] });
  for (let n = 0; n < WARM_UP_CALLS; n += 1) await call();
  const trials = await interleave(CONTENDERS, context.rounds ?? ROUNDS, async (contender) => {
    const cli = () => runDockerCli(dockerHost, ['exec', container.id, 'true']);
    const { seconds } = await (contender === 'docker exec' ? cli() : call());
    return { milliseconds: seconds * 1000 };
  });
  await server.close();
  const series = CONTENDERS.map((contender) => ({
    case: 'one exec of `true`',
    contender,
    samples: samplesOf(trials.get(contender), 'milliseconds'),
  }));
  return [{ name: 'Time from request to result', unit: 'ms', better: 'lower', series }];
}

export const execLatency: Question = {
  name: 'exec-latency',
  title: 'One short command',
  method: [
    'The server is running, as it does under a client, and has done three calls; the Docker CLI is a new process each time,',
    'as it always is. The server checks the command against its policy, resolves the user, writes two audit records and asks',
    'the engine how the command ended.',
  ].join(' '),
  reference: 'docker exec',
  measure,
};
