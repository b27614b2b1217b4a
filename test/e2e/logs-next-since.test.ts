import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TestContainer } from '../engine/containers.ts';
import { useEngine } from '../engine/use.ts';
import { openServer, type TestServer } from './client.ts';
import { finished, type LogsResult, numbers, readLog, talker } from './log-reading.ts';

const engine = useEngine();
let server: TestServer;

beforeAll(async () => {
  server = await openServer({ env: { DOCKER_HOST: engine.dockerHost } });
});

afterAll(() => server.close());

describe('nextSince', () => {
  /** Reads a log in steps until one brings nothing, each from where the last one ended. */
  async function readInSteps(container: TestContainer, args: Readonly<Record<string, unknown>>): Promise<LogsResult[]> {
    const steps: LogsResult[] = [];
    for (let since = '0'; ; ) {
      const step = readLog(await server.call('docker_logs', { id: container.id, since, ...args }));
      if (step.lines === 0) return steps;
      steps.push(step);
      since = step.nextSince;
    }
  }

  function textOf(steps: readonly LogsResult[], channel: 'stdout' | 'stderr'): string {
    return steps.map((step) => step[channel]).join('');
  }

  it.each([1, 7, 100])('goes on without loss or repetition in steps of %i', async (maxLines) => {
    const container = await finished(engine, 'seq 25');
    const steps = await readInSteps(container, { maxLines });
    expect(textOf(steps, 'stdout')).toBe(numbers(1, 25));
    expect(steps).toHaveLength(Math.ceil(25 / maxLines));
    expect(steps.map(({ outcome }) => outcome)).toContain(maxLines > 25 ? 'ended' : 'limit');
  });

  it('does so with both channels, written in turn', async () => {
    const container = await finished(
      engine,
      'for i in $(seq 20); do echo $i; usleep 5000; echo $i >&2; usleep 5000; done',
    );
    const steps = await readInSteps(container, { maxLines: 7 });
    expect(textOf(steps, 'stdout')).toBe(numbers(1, 20));
    expect(textOf(steps, 'stderr')).toBe(numbers(1, 20));
    expect(steps).toHaveLength(6);
  });

  it('does so with the raw log of a tty', async () => {
    const container = await finished(engine, 'seq 25', ['--tty']);
    const steps = await readInSteps(container, { maxLines: 7 });
    expect(textOf(steps, 'stdout').replaceAll('\r', '')).toBe(numbers(1, 25));
    expect(steps).toHaveLength(4);
  });

  it.each([1, 2, 3, 4, 5])('does so with both channels, written at once (%i)', async () => {
    const container = await finished(engine, 'seq 1500 & seq 1500 >&2; wait');
    const steps = await readInSteps(container, { maxLines: 97 });
    expect(textOf(steps, 'stdout')).toBe(numbers(1, 1500));
    expect(textOf(steps, 'stderr')).toBe(numbers(1, 1500));
    expect(steps).toHaveLength(Math.ceil(3000 / 97));
  });

  it('does so in steps of one line and for one channel alone', async () => {
    const container = await finished(engine, 'seq 60 & seq 60 >&2; wait');
    const steps = await readInSteps(container, { maxLines: 1 });
    expect(textOf(steps, 'stdout')).toBe(numbers(1, 60));
    expect(textOf(steps, 'stderr')).toBe(numbers(1, 60));
    const { nextSince } = steps.find(({ stdout }) => stdout === '30\n') ?? {};
    const rest = readLog(await server.call('docker_logs', { id: container.id, since: nextSince, stderr: false }));
    expect(rest.stdout).toBe(numbers(31, 60));
    expect(rest.nextSince).toMatch(/\.\d{9}Z$/);
  });

  it('stays as it is where nothing came', async () => {
    const container = await finished(engine, 'echo out; echo err >&2');
    const first = readLog(await server.call('docker_logs', { id: container.id }));
    const second = readLog(await server.call('docker_logs', { id: container.id, since: first.nextSince }));
    expect(second).toMatchObject({ lines: 0, stdoutBytes: 0, stderrBytes: 0, nextSince: first.nextSince });
    expect(first.nextSince).toMatch(/\.\d{20}Z$/);
  });

  it('goes on with a followed log, both channels written at once', async () => {
    const container = await engine.run({ cmd: ['sh', '-c', 'seq 1500 & seq 1500 >&2; sleep 3600'] });
    const first = readLog(await server.call('docker_logs', { id: container.id, follow: true, maxLines: 997 }));
    const rest = { id: container.id, follow: true, since: first.nextSince, maxLines: 2003 };
    const second = readLog(await server.call('docker_logs', rest));
    expect(first.stdout + second.stdout).toBe(numbers(1, 1500));
    expect(first.stderr + second.stderr).toBe(numbers(1, 1500));
  });

  it('does so with both channels, written at once, through a filter', async () => {
    const container = await finished(engine, 'seq 1500 & seq 1500 >&2; wait');
    const steps = await readInSteps(container, { maxLines: 7, grep: '7$' });
    const sevens = numbers(1, 1500).replace(/^\d*[^7]\n/gm, '');
    expect(textOf(steps, 'stdout')).toBe(sevens);
    expect(textOf(steps, 'stderr')).toBe(sevens);
  });

  it('does so through a filter, whose last lines do not match', async () => {
    const container = await finished(engine, 'seq 99');
    const steps = await readInSteps(container, { maxLines: 2, grep: '0$' });
    expect(textOf(steps, 'stdout')).toBe('10\n20\n30\n40\n50\n60\n70\n80\n90\n');
  });

  it('does so with lines that are longer than the engine keeps together', async () => {
    const container = await finished(engine, 'for i in 1 2 3; do head -c 40000 /dev/zero | tr "\\0" $i; echo; done');
    const steps = await readInSteps(container, { maxLines: 1 });
    expect(steps.map(({ stdout }) => `${stdout[0]}${stdout.length}`)).toEqual(['140001', '240001', '340001']);
  });

  it('leads from a read to what came after it', async () => {
    const { container, say } = await talker(engine);
    await say('one');
    const first = readLog(await server.call('docker_logs', { id: container.id }));
    await say('two');
    const second = readLog(await server.call('docker_logs', { id: container.id, since: first.nextSince }));
    expect([first.stdout, second.stdout]).toEqual(['one\n', 'two\n']);
  });

  it('leads on from an empty tail', async () => {
    const { container, say } = await talker(engine);
    await say('one');
    const first = readLog(await server.call('docker_logs', { id: container.id, tail: 0 }));
    await say('two');
    const second = readLog(await server.call('docker_logs', { id: container.id, since: first.nextSince }));
    expect([first.stdout, second.stdout]).toEqual(['', 'two\n']);
  });
});
