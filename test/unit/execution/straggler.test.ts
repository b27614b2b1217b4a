import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createEngineClient } from '../../../src/engine/client.ts';
import { type ExecState, inspectExec } from '../../../src/engine/exec.ts';
import { StragglerWatch } from '../../../src/execution/straggler.ts';

vi.mock(import('../../../src/engine/exec.ts'), async (load) => ({ ...(await load()), inspectExec: vi.fn() }));

/** More than it takes to look once more. */
const LOOKED_MS = 600;
/** Docker 20.10 needs 2 s to say that the process ended; 3 s is the contract's bound. */
const REST_MS = 900;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
});

afterEach(() => {
  vi.useRealTimers();
});

const engine = createEngineClient({ kind: 'unix', path: '/nonexistent', description: '', source: 'default' });

/** A watch over an exec and its output as the test says they are. */
function create({ running = false, blocked = false, busy = false } = {}) {
  const state = { running, blocked, busy, bytes: 0 };
  vi.mocked(inspectExec).mockReset();
  vi.mocked(inspectExec).mockImplementation(async () => ({ running: state.running, exitCode: null, hostPid: 2 }));
  const spool = vi.fn();
  const stopSpooling = vi.fn();
  const watch = new StragglerWatch(engine, 'engine-exec', {
    awaitsClient: () => state.blocked,
    bytes: () => {
      if (state.busy) state.bytes += 1;
      return state.bytes;
    },
    spool,
    stopSpooling,
  });
  const left = vi.fn();
  void watch.left.then(left);
  return { watch, state, spool, stopSpooling, left };
}

const pass = (ms: number): Promise<unknown> => vi.advanceTimersByTimeAsync(ms);

describe('StragglerWatch', () => {
  it('waits for a process that runs, however long and silent', async () => {
    const { watch, spool, left } = create({ running: true });
    await pass(600_000);
    expect([left.mock.calls.length, spool.mock.calls.length, watch.heldOpen]).toEqual([0, 0, false]);
  });

  it('gives up soon after the process ended where its output is silent, and spools from then on', async () => {
    const { watch, state, spool, left } = create({ running: true });
    await pass(10_000);
    state.running = false;
    await pass(LOOKED_MS);
    expect([left.mock.calls.length, spool.mock.calls.length, watch.heldOpen]).toEqual([0, 1, false]);
    await pass(REST_MS);
    expect(left).toHaveBeenCalledExactlyOnceWith({ kind: 'straggler' });
    expect([spool.mock.calls.length, watch.heldOpen]).toEqual([1, true]);
  });

  it('gives up as soon where another process goes on printing', async () => {
    const { watch, left } = create({ busy: true });
    await pass(LOOKED_MS + REST_MS);
    expect([left.mock.calls.length, watch.heldOpen]).toEqual([1, true]);
  });

  it('does not count the time in which the client has to read first', async () => {
    const { watch, state, left } = create({ blocked: true });
    await pass(60_000);
    expect([left.mock.calls.length, watch.heldOpen]).toEqual([0, false]);
    state.blocked = false;
    await pass(200);
    expect([left.mock.calls.length, watch.heldOpen]).toEqual([0, false]);
    await pass(REST_MS);
    expect([left.mock.calls.length, watch.heldOpen]).toEqual([1, true]);
  });

  it('says that output was held open before it gives up: an engine may end it by itself', async () => {
    const { watch, left } = create();
    await pass(LOOKED_MS + 400);
    expect([left.mock.calls.length, watch.heldOpen]).toEqual([0, true]);
  });

  it('takes a process for running while the engine cannot say', async () => {
    const { spool, left } = create();
    vi.mocked(inspectExec).mockRejectedValue(new Error('no engine'));
    await pass(60_000);
    expect([left.mock.calls.length, spool.mock.calls.length]).toEqual([0, 0]);
  });

  describe('whose engine withholds its word', () => {
    /** Looks wait from now on; the answer is given by what is returned. */
    function withhold(): (running: boolean) => void {
      let give: (state: ExecState) => void = () => undefined;
      const answer = new Promise<ExecState>((resolve) => {
        give = resolve;
      });
      vi.mocked(inspectExec).mockReturnValue(answer);
      return (running) => give({ running, exitCode: null, hostPid: 2 });
    }

    it('spools, as Docker withholds it until the output of an ended process is taken', async () => {
      const { spool } = create();
      withhold();
      await pass(LOOKED_MS);
      expect(spool).not.toHaveBeenCalled();
      await pass(300);
      expect(spool).toHaveBeenCalledOnce();
    });

    it('waits for the client again where the process runs after all', async () => {
      const { spool, stopSpooling } = create();
      const answer = withhold();
      await pass(LOOKED_MS + 300);
      expect([spool.mock.calls.length, stopSpooling.mock.calls.length]).toEqual([1, 0]);
      answer(true);
      await pass(0);
      expect([spool.mock.calls.length, stopSpooling.mock.calls.length]).toEqual([1, 1]);
    });

    it('may have lost output, once Docker would have dropped it', async () => {
      vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
      const { watch } = create();
      withhold();
      await pass(LOOKED_MS);
      expect(watch.maybeDropped).toBe(false);
      await pass(1_400);
      expect(watch.maybeDropped).toBe(true);
    });
  });

  it('changes nothing once it is disposed of, whatever the look under way comes to', async () => {
    const { watch, spool, stopSpooling } = create();
    let answer: (state: ExecState) => void = () => undefined;
    vi.mocked(inspectExec).mockReturnValue(
      new Promise((resolve) => {
        answer = resolve;
      }),
    );
    await pass(LOOKED_MS);
    watch.dispose();
    await pass(LOOKED_MS);
    answer({ running: true, exitCode: null, hostPid: 2 });
    await pass(60_000);
    expect([spool.mock.calls.length, stopSpooling.mock.calls.length]).toEqual([0, 0]);
    expect(inspectExec).toHaveBeenCalledOnce();
  });

  it('looks no more once it is disposed of', async () => {
    const { watch, left } = create();
    watch.dispose();
    await pass(60_000);
    expect([left.mock.calls.length, vi.mocked(inspectExec).mock.calls.length]).toEqual([0, 0]);
  });
});
