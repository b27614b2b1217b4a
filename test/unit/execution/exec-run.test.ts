import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createEngineClient, type EngineClient } from '../../../src/engine/client.ts';
import { createExec, type ExecState, inspectExec } from '../../../src/engine/exec.ts';
import type { StreamSink } from '../../../src/engine/http-answer.ts';
import type { ByteStream } from '../../../src/engine/http-stream.ts';
import { Ending } from '../../../src/execution/ending.ts';
import { runExec } from '../../../src/execution/exec-run.ts';
import { chooseDemuxer } from '../../../src/frames/choose.ts';
import { newExecId, newTraceId, toContainerId } from '../../../src/protocol/ids.ts';
import type { ExecRun } from '../../../src/protocol/run.ts';
import { frame } from '../../contract/frames.ts';

vi.mock(import('../../../src/engine/exec.ts'), async (load) => ({
  ...(await load()),
  createExec: vi.fn(),
  inspectExec: vi.fn(),
}));

const RUNNING: ExecState = { running: true, exitCode: null, hostPid: 0 };

const RUN: ExecRun = {
  kind: 'exec',
  traceId: newTraceId(),
  execId: newExecId(),
  containerId: toContainerId('0'.repeat(64)),
  containerStartedAt: '2026-01-01T00:00:00Z',
  cmd: ['true'],
  env: [],
  workdir: undefined,
  user: '65534:65534',
  tty: false,
  stdin: undefined,
  killGraceMs: 0,
  timeoutMs: undefined,
  output: {
    encoding: 'utf8',
    sanitize: 'none',
    keepBytes: 1_024,
    maxEscapedBytes: 4_096,
    stream: { chunkBytes: 16_384, progressTokenJson: '1' },
  },
};

beforeEach(() => {
  vi.mocked(createExec).mockReset().mockResolvedValueOnce('engine-exec').mockRejectedValue(new Error('no shell'));
  vi.mocked(inspectExec).mockReset().mockResolvedValue(RUNNING);
});

afterEach(() => {
  vi.useRealTimers();
});

/** A run of `run`, whose client reads nothing, and what its engine sends. */
function start(run: ExecRun) {
  let opened: (sink: StreamSink) => void = () => undefined;
  const sink = new Promise<StreamSink>((resolve) => {
    opened = resolve;
  });
  const nothing = (): void => undefined;
  const stream: ByteStream = { resume: nothing, write: nothing, endInput: nothing, destroy: nothing };
  const open: EngineClient['stream'] = async (_, sink) => {
    opened(sink);
    return stream;
  };
  const engine = createEngineClient({ kind: 'unix', path: '/nonexistent', description: '', source: 'default' });
  const ending = new Ending();
  const context = {
    engine: { ...engine, stream: open, reserve: async () => ({ stream: open, release: nothing }) },
    createDemuxer: chooseDemuxer('off').create,
    ending,
    post: nothing,
    onCredit: nothing,
  };
  return { report: runExec(run, context), ending, sink };
}

it('goes on reading what a run prints that is killed for its time, although the client does not read', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
  const { ending, sink } = start(RUN);
  const input = await sink;
  await vi.advanceTimersByTimeAsync(1);
  const output = frame(1, Buffer.alloc(100_000, 'x'));
  while (input.data(output));
  ending.because('timeout');
  await vi.advanceTimersByTimeAsync(10);
  expect(input.data(output)).toBe(true);
  await vi.advanceTimersByTimeAsync(2_000);
  expect(input.data(output)).toBe(true);
});

it('asks of a lost run no more than whether it is', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
  const { report, sink } = start(RUN);
  const input = await sink;
  await vi.advanceTimersByTimeAsync(1);
  let fail: (error: Error) => void = () => undefined;
  vi.mocked(inspectExec).mockReturnValue(
    new Promise((_, reject) => {
      fail = reject;
    }),
  );
  await vi.advanceTimersByTimeAsync(2_000);
  input.error(new Error('broken'));
  fail(new Error('no engine'));
  await vi.advanceTimersByTimeAsync(5_000);
  expect(await report).toMatchObject({ outcome: 'lost' });
  expect(createExec).toHaveBeenCalledOnce();
});
