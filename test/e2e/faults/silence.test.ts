import { beforeAll, describe, expect, it } from 'vitest';
import type { Faults } from '../../fake-engine/containers.ts';
import { type Position, silence } from '../../fake-engine/faults.ts';
import { type Bench, type Ended, useBench } from './bench.ts';

const DEADLINE_MS = 10_000;
const SLACK_MS = 2_500;

interface Case {
  readonly what: string;
  readonly ends: string;
  /** What is said before the silence. */
  readonly at: Position;
  begin(bench: Bench, at: Position): Promise<Ended>;
}

const PASSWD = Buffer.from('app:x:1000:1000::/:/bin/sh\n');

function exec(endpoint: keyof Faults, ends: string): Omit<Case, 'at'> {
  const begin: Case['begin'] = (bench, at) =>
    bench.exec({ passwd: PASSWD, faults: { [endpoint]: silence(at) } }, { user: 'app' });
  return { what: endpoint, ends, begin };
}

function everywhere(one: Omit<Case, 'at'>): Case[] {
  return [0, 20, 'body' as const].map((at) => ({ ...one, at }));
}

const onlyInHead = (one: Omit<Case, 'at'>): Case[] => everywhere(one).filter(({ at }) => at !== 'body');

/** Waits 10 s each, so all of them wait at the same time. */
const CASES: readonly Case[] = [
  ...everywhere(exec('container', 'ENGINE_TIMEOUT')),
  // There is no body to be silent in.
  ...onlyInHead(exec('stat', 'ENGINE_TIMEOUT')),
  ...everywhere(exec('archive', 'ENGINE_TIMEOUT')),
  ...everywhere(exec('create', 'ENGINE_TIMEOUT')),
  // Silence behind the head is a command that prints nothing.
  ...onlyInHead(exec('start', 'lost')),
  ...everywhere(exec('exec', 'lost')),
  ...onlyInHead({
    what: 'logs',
    ends: 'ENGINE_TIMEOUT',
    begin: (bench, at) => bench.logs({ faults: { logs: silence(at) } }),
  }),
  { what: 'list', ends: 'ENGINE_TIMEOUT', at: 0, begin: (bench) => bench.call('docker_ps') },
];

/** How an engine falls silent while a run is killed. */
const UNDER_A_RUN: readonly (readonly [string, Faults])[] = [
  ['creates no helper', { createHelper: silence() }],
  ['starts no helper', { startHelper: silence() }],
  ['lets the helper say nothing', { startHelper: silence('body') }],
  ['answers nothing at all', { exec: silence(), createHelper: silence() }],
];

const bench = useBench();
const ended = new Map<unknown, Promise<Ended>>();

/** Of calls about no container there is one fault at a time. */
const LIST: Faults = { list: silence() };

beforeAll(() => {
  bench.engine.faults = LIST;
  for (const one of CASES) ended.set(one, one.begin(bench, one.at));
});

// First what takes less than the deadline, which the calls begun above wait for meanwhile.
describe('an engine that falls silent for a version', () => {
  it.each([0, 20, 'body'] as const)('does not hold up health, silent from %s on', async (at) => {
    bench.engine.faults = { ...LIST, version: silence(at) };
    const { reply, ms } = await bench.call('health');
    bench.engine.faults = LIST;
    expect(reply.structured).toMatchObject({ status: 'unhealthy', engine: { reachable: false } });
    expect(ms).toBeLessThan(2_000);
  });
});

describe('an engine that falls silent while a run is killed', () => {
  it.concurrent.each(UNDER_A_RUN)(
    'costs the result seconds, not the sum of its deadlines: %s',
    async (_what, faults) => {
      const box = bench.engine.run({ ends: false, faults });
      const { end, reply, ms } = await bench.call('docker_exec', { id: box.id, cmd: ['true'], timeoutMs: 300 });
      expect(end).toBe('timeout');
      expect(reply.structured).toMatchObject({ termination: 'unknown', stdout: 'hello\n' });
      expect(ms).toBeLessThan(6_000);
      // As an engine that wakes up: what the kill still asks of it is answered.
      box.faults = {};
    },
  );
});

describe('an engine that falls silent', () => {
  it.each(CASES)('costs a call its deadline: $what, from $at on', async (one) => {
    const call = await ended.get(one);
    expect(call?.end).toBe(one.ends);
    expect(call?.ms).toBeGreaterThan(DEADLINE_MS - 100);
    expect(call?.ms).toBeLessThan(DEADLINE_MS + SLACK_MS);
  });
});
