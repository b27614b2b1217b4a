import type { TestContainer } from '../../test/engine/containers.ts';
import { runDockerCli } from '../processes/docker-cli.ts';
import { McpServerProcess } from '../processes/mcp-server.ts';
import { type Transfer, transferFigures, transferMeasures } from '../processes/transfer.ts';
import { type BenchmarkContext, interleave, type Measure, type Question } from '../question.ts';

const ROUNDS = 5;
const LINES = 200_000;
const LINE = 'GET /api/items/42 200 3ms user=7 session=0123456789abcdef trace=fedcba9876543210 cache=hit region=eu-1';
const LINE_BYTES = 100;
const BYTES = LINES * LINE_BYTES;
const WRITE_PATIENCE_MS = 120_000;

const CLI_FLAGS = { 'docker logs': [], 'docker logs --timestamps': ['--timestamps'] } as const;
const SERVER = 'mcp-docker-exec';
const CONTENDERS = [SERVER, 'docker logs', 'docker logs --timestamps'] as const;

/** A container that has written its log and ended. */
async function writtenLog(context: BenchmarkContext): Promise<TestContainer> {
  const { docker, run } = await context.engine();
  const script = `yes '${LINE.slice(0, LINE_BYTES - 1)}' | head -n ${LINES}`;
  const container = await run({ cmd: ['sh', '-c', script], flags: ['--log-driver', 'json-file'] });
  await docker(['wait', container.id], { timeoutMs: WRITE_PATIENCE_MS });
  return container;
}

async function withCli(dockerHost: string, container: TestContainer, flags: readonly string[]): Promise<Transfer> {
  const run = await runDockerCli(dockerHost, ['logs', ...flags, container.id]);
  if (run.stdoutBytes < BYTES) throw new Error(`docker logs gave ${run.stdoutBytes} bytes of ${BYTES}`);
  return run;
}

async function withServer(dockerHost: string, container: TestContainer): Promise<Transfer> {
  const server = await McpServerProcess.start({ DOCKER_HOST: dockerHost });
  // The worker is up, as it is under a client.
  await server.callTool('docker_logs', { id: container.id, tail: 1 });
  const answer = await server.callTool('docker_logs', { id: container.id, stream: true }, () => undefined);
  await server.close();
  if (answer.stdoutBytes < BYTES) throw new Error(`${answer.stdoutBytes} bytes were streamed for ${BYTES}`);
  return answer;
}

async function measure(context: BenchmarkContext): Promise<Measure[]> {
  const { dockerHost } = await context.engine();
  const container = await writtenLog(context);
  const trials = await interleave(CONTENDERS, context.rounds ?? ROUNDS, async (contender) => {
    const run =
      contender === SERVER ? withServer(dockerHost, container) : withCli(dockerHost, container, CLI_FLAGS[contender]);
    return transferFigures(await run, BYTES);
  });
  await container.remove();
  return transferMeasures(
    CONTENDERS.map((contender) => ({
      case: '200 000 lines of 100 B',
      contender,
      trials: trials.get(contender) ?? [],
    })),
  );
}

export const logsRead: Question = {
  name: 'logs-read',
  title: 'Reading a large log',
  method: [
    'The log of an ended container (driver json-file), delivered by `docker_logs` with `stream: true`, against `docker logs`.',
    'The server always asks the engine for timestamps, so that a later read can go on where this one ended, hence the second',
    'row of the CLI. Throughput and processor time as above, per byte the container wrote.',
  ].join(' '),
  reference: 'docker logs',
  measure,
};
