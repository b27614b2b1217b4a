import { expect, it } from 'vitest';
import { type RawClient, type RawReply, startRaw } from '../e2e/raw-client.ts';
import { execReply, failure } from '../e2e/results.ts';
import { countOf, untilPool, untilSeen } from '../e2e/witness.ts';
import { dockerText } from '../engine/cli.ts';
import type { TestContainer } from '../engine/containers.ts';
import { useEngine } from '../engine/use.ts';
import { type Counts, type Holdings, holdings, probed, type ThreadHoldings } from './holdings.ts';
import { scale, tell } from './scale.ts';

/** So many that what is loaded or made once has been. */
const WARM_UP = 45;
/** Of what is counted in a heap: what is still made once, and far less than one a run. */
const MOST_HELD = 400 + scale.row / 5;
/** Of live and freed memory, in bytes. */
const MOST_HEAP = 2 * 1024 * 1024 + 200 * scale.row;
const MOST_MEMORY_GROWTH = 32 * 1024 * 1024;
/** Of files, handles and timers of one kind: a connection kept for the next call, a write that is under way. */
const MOST_BUSY = 4;

const engine = useEngine();

/** One exec of the row, from its call to its checked end; `index` makes its output its own. */
type Turn = (client: RawClient, box: TestContainer, index: number) => Promise<void>;

const args = (box: TestContainer, cmd: readonly string[]) => ({ id: box.name, cmd, user: '1000' });
const echo = (index: number) => ['sh', '-c', `echo out-${index}; echo err-${index} >&2`];

function expectEcho(reply: RawReply, index: number): void {
  const expected = { outcome: 'exited', exitCode: 0, stdout: `out-${index}\n`, stderr: `err-${index}\n`, notices: [] };
  expect(execReply(reply)).toMatchObject(expected);
}

const buffered: Turn = async (client, box, index) => {
  expectEcho(await client.call('docker_exec', args(box, echo(index))), index);
};

const streamed: Turn = async (client, box, index) => {
  const reply = await client.call('docker_exec', { ...args(box, echo(index)), stream: true }, { token: index });
  expectEcho(reply, index);
};

const missing: Turn = async (client, box) => {
  const { structured } = await client.call('docker_exec', args(box, ['no-such-command']));
  expect(failure.parse(structured).error.code).toBe('COMMAND_NOT_FOUND');
};

/** In turn at once, wherever that finds it, and while it runs. */
const cancelled: Turn = async (client, box, index) => {
  const token = `cancelled-${index}`;
  const cmd = ['sh', '-c', 'echo begun; exec sleep 90000'];
  const id = client.begin('docker_exec', { ...args(box, cmd), stream: true }, { token });
  if (index % 2 === 0) await client.until(({ params }) => params?.progressToken === token);
  client.cancel(id);
  await untilPool(client, { running: 0, queued: 0 });
};

const timedOut: Turn = async (client, box) => {
  const cmd = ['sh', '-c', 'sleep 90000 & exec sleep 90000'];
  const reply = await client.call('docker_exec', { ...args(box, cmd), timeoutMs: 50 });
  expect(execReply(reply)).toMatchObject({ outcome: 'timeout', exitCode: null, termination: 'killed' });
};

/** A third times out, a third is cancelled. */
const TURNS: readonly Turn[] = [
  ...[buffered, timedOut, cancelled],
  ...[streamed, timedOut, cancelled],
  ...[missing, timedOut, cancelled],
];

async function row(client: RawClient, box: TestContainer, length: number): Promise<void> {
  for (let index = 0; index < length; index += 1) await TURNS[index % TURNS.length]?.(client, box, index);
}

/** Execs the engine holds for a container: those that run, and those that were created and never started. */
async function execsOf(box: TestContainer): Promise<string> {
  return dockerText(engine.docker, ['inspect', '--format', '{{json .ExecIDs}}', box.id]);
}

it('execs in a row leave nothing behind in server, engine or container', { timeout: scale.patienceMs }, async () => {
  const box = await engine.run();
  const client = await startRaw({ env: { DOCKER_HOST: engine.dockerHost, ...probed } });
  await row(client, box, WARM_UP);
  const before = await holdings(client);
  const begun = performance.now();
  await row(client, box, scale.row);
  const ms = Math.round(performance.now() - begun);
  const after = await holdings(client);
  tell('execs in a row', { execs: scale.row, ms, before, after });
  expectFlat(before, after);
  expect(
    await untilSeen(
      () => execsOf(box),
      (execs) => execs === 'null',
    ),
  ).toBe('null');
  expect(await countOf(box, 'sleep 90000')).toBe(0);
  expect(client.stderrLines.filter((line) => line.includes('MaxListenersExceededWarning'))).toEqual([]);
});

function expectFlat(before: Holdings, after: Holdings): void {
  expect(growth(before.openFiles, after.openFiles)).toBeLessThanOrEqual(MOST_BUSY);
  expect(after.memory - before.memory).toBeLessThan(MOST_MEMORY_GROWTH);
  expect(after.threads.map(({ thread }) => thread)).toEqual(before.threads.map(({ thread }) => thread));
  for (const [index, thread] of after.threads.entries()) expectFlatThread(before.threads[index], thread);
}

function expectFlatThread(before: ThreadHoldings | undefined, after: ThreadHoldings): void {
  expect(growth(before?.resources, after.resources)).toBeLessThanOrEqual(MOST_BUSY);
  expect(growth(before?.held, after.held)).toBeLessThan(MOST_HELD);
  const bytes = after.heapBytes + after.externalBytes - (before?.heapBytes ?? 0) - (before?.externalBytes ?? 0);
  expect(bytes).toBeLessThan(MOST_HEAP);
}

/** By how much the kind grew that grew most. */
function growth(before: Counts = {}, after: Counts = {}): number {
  return Math.max(...Object.entries(after).map(([kind, count]) => count - (before[kind] ?? 0)));
}
