import { describe, expect, it } from 'vitest';
import { frame } from '../../contract/frames.ts';
import { hijacked, json } from '../../fake-engine/answers.ts';
import { instead, silence } from '../../fake-engine/faults.ts';
import { useBench } from './bench.ts';

const bench = useBench();

const OUT = frame(1, 'out\n');
const GiB4 = 0xffff_ffff;
const UNKNOWN_TYPES = [4, 9, 127, 255];

const join = (...parts: Uint8Array[]): Buffer => Buffer.concat(parts);

describe("a run's output", () => {
  it.each(UNKNOWN_TYPES)('with a frame of type %i is lost, what came before it is kept', async (type) => {
    const { end, reply } = await bench.exec({ output: join(OUT, frame(type, 'x'), OUT) });
    expect(end).toBe('lost');
    expect(reply.structured).toMatchObject({ stdout: 'out\n', notices: [expect.stringContaining('not a frame')] });
  });

  it("with the engine's own error in it is lost, and says which", async () => {
    const { end, reply } = await bench.exec({ output: join(OUT, frame(3, 'disk full')) });
    expect(end).toBe('lost');
    expect(reply.structured).toMatchObject({ stdout: 'out\n', notices: [expect.stringContaining('disk full')] });
  });

  it.concurrent('that goes on behind its process ends all the same', async () => {
    const output = join(OUT, frame(9, 'x'));
    const start = silence(hijacked('open', output).bytes.length);
    const { end, ms } = await bench.exec({ output, faults: { start } });
    expect(end).toBe('lost');
    expect(ms).toBeLessThan(3_000);
  });

  it.concurrent('is not waited for when nothing of it comes', async () => {
    const { end, reply, ms } = await bench.exec({ faults: { start: silence('body') } });
    expect(end).toBe('exited');
    expect(reply.structured).toMatchObject({ exitCode: 0, notices: [expect.stringContaining('kept its output open')] });
    expect(ms).toBeLessThan(3_000);
  });

  it('that claims 4 GiB costs no memory, and ends with the run', async () => {
    const { end, reply } = await bench.exec({ output: frame(1, 'part', GiB4), ends: false }, { timeoutMs: 300 });
    expect(end).toBe('timeout');
    expect(reply.structured).toMatchObject({ stdout: 'part', stdoutBytes: 4 });
  });
});

describe('a log', () => {
  it.each(UNKNOWN_TYPES)('with a frame of type %i is lost', async (type) => {
    expect((await bench.logs({ log: frame(type, 'x') })).end).toBe('lost');
  });

  it("with the engine's own error in it is lost, and says which", async () => {
    const { end, reply } = await bench.logs({ log: frame(3, 'driver gone') });
    expect(end).toBe('lost');
    expect(reply.structured).toMatchObject({ notices: [expect.stringContaining('driver gone')] });
  });

  it('of which nothing comes ends with its time', async () => {
    const { end, ms } = await bench.logs({ faults: { logs: silence('body') } }, { follow: true, timeoutMs: 300 });
    expect(end).toBe('limit');
    expect(ms).toBeLessThan(2_000);
  });
});

describe('an engine that says of an exec', () => {
  const says = (state: object) => ({ faults: { exec: instead(json(200, state)) } });

  it.each([
    ['that it ended, with no exit code', { Running: false, ExitCode: null, Pid: 7 }],
    ['nothing', {}],
    ['an exit code that is text', { Running: false, ExitCode: '0', Pid: 7 }],
    ['an exit code that is no whole number', { Running: false, ExitCode: 1.5, Pid: 7 }],
  ])('%s: the run is lost', async (_what, state) => {
    const { end, reply } = await bench.exec(says(state));
    expect(end).toBe('lost');
    expect(reply.structured).toMatchObject({ exitCode: null, stdout: 'hello\n' });
  });

  it.concurrent.each([
    ['that it runs, for ever', { Running: true, ExitCode: null, Pid: 7 }],
    ['that it runs, and never its pid', { Running: true, ExitCode: null, Pid: 0 }],
    ['that it runs, with an exit code', { Running: true, ExitCode: 0, Pid: 7 }],
  ])('%s: the run times out, and may be alive', async (_what, state) => {
    const { end, reply, ms } = await bench.exec(says(state), { timeoutMs: 300 });
    expect(end).toBe('timeout');
    expect(reply.structured).toMatchObject({ termination: 'escaped' });
    expect(ms).toBeLessThan(4_000);
  });

  it('that it ended with 0 and had no pid: its exit code stands', async () => {
    const { reply } = await bench.exec(says({ Running: false, ExitCode: 0, Pid: 0 }));
    expect(reply.structured).toMatchObject({ outcome: 'exited', exitCode: 0 });
  });

  it('that it ended with 127 and had no pid: it was not started', async () => {
    expect((await bench.exec(says({ Running: false, ExitCode: 127, Pid: 0 }))).end).toBe('START_FAILED');
  });
});
