import type { TestContainer } from '../../test/engine/containers.ts';
import { cliMover, moveInTurns, SERVERS, type Work } from '../processes/movers.ts';
import { transferMeasures } from '../processes/transfer.ts';
import type { BenchmarkContext, Measure, Question } from '../question.ts';

const LINE = 'GET /api/items/42 200 3ms user=7 session=0123456789abcdef trace=fedcba9876543210 cache=hit region=eu-1';
const LINE_BYTES = 100;
const WRITE_PATIENCE_MS = 120_000;
const REFERENCE = 'docker logs | cat';

const ONE = { rounds: 5, lines: 500_000, times: 1, case: '500 000 lines of 100 B' };
const FOUR = { rounds: 3, lines: 200_000, times: 4, case: '4 × 200 000 lines of 100 B' };

/** A container that has written its log and ended. */
async function writtenLog(context: BenchmarkContext, lines: number): Promise<TestContainer> {
  const { docker, run } = await context.engine();
  const script = `yes '${LINE.slice(0, LINE_BYTES - 1)}' | head -n ${lines}`;
  const container = await run({ cmd: ['sh', '-c', script], flags: ['--log-driver', 'json-file'] });
  await docker(['wait', container.id], { timeoutMs: WRITE_PATIENCE_MS });
  return container;
}

function measureReading(reading: typeof ONE): Question['measure'] {
  return async (context: BenchmarkContext): Promise<Measure[]> => {
    const { dockerHost } = await context.engine();
    const container = await writtenLog(context, reading.lines);
    const { id } = container;
    const work: Work = {
      case: reading.case,
      dockerHost,
      tool: 'docker_logs',
      args: { id, stream: true },
      warmUp: { id, tail: 1 },
      cli: ['logs', id],
      times: reading.times,
      bytes: reading.lines * LINE_BYTES,
    };
    const stamped = reading.times === 1 ? { 'docker logs --timestamps | cat': cliMover(['--timestamps']) } : {};
    const movers = { ...SERVERS, [REFERENCE]: cliMover(), ...stamped };
    const trials = await moveInTurns(movers, work, context.rounds ?? reading.rounds, context);
    await container.remove();
    return transferMeasures(trials);
  };
}

export const logsRead: Question = {
  name: 'logs-read',
  title: 'Reading a large log',
  method: [
    'The log of an ended container (driver json-file), delivered by `docker_logs` with `stream: true`, against `docker logs`.',
    'The server always asks the engine for timestamps, so that a later read can go on where this one ended, hence the second',
    'row of the CLI. Throughput and processor time as above, per byte the container wrote.',
  ].join(' '),
  reference: REFERENCE,
  measure: measureReading(ONE),
};

export const logsFour: Question = {
  name: 'logs-four',
  title: 'Reading four logs at once',
  method: 'As above, four at the same time: four calls of one server against four CLIs, each with a cat of its own.',
  reference: REFERENCE,
  measure: measureReading(FOUR),
};
