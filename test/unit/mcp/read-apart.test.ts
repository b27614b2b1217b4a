import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { untilRead } from '../../../src/mcp/read-apart.ts';

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  expect(vi.getTimerCount()).toBe(0);
  vi.restoreAllMocks();
  vi.useRealTimers();
});

/** Waits for something written just now; `read` is what can be told of it, `waited()` for how long, once that is over. */
function wait(read: boolean | undefined) {
  const state = { read, looks: 0 };
  const controller = new AbortController();
  const begun = performance.now();
  let waited: number | undefined;
  const isRead = (): boolean | undefined => {
    state.looks += 1;
    return state.read;
  };
  void untilRead({ at: begun, isRead }, controller.signal).then(() => {
    waited = performance.now() - begun;
  });
  return { state, abort: () => controller.abort(), waited: () => waited };
}

describe('untilRead', () => {
  it('takes no time when the client has read', async () => {
    const { waited } = wait(true);
    await vi.advanceTimersByTimeAsync(0);
    expect(waited()).toBe(0);
  });

  it('is over at once when the client reads within a turn of the loop', async () => {
    const { state, waited } = wait(false);
    state.read = true;
    await vi.advanceTimersByTimeAsync(0);
    expect(waited()).toBe(0);
  });

  it('waits for a client that is busy, and ends 1 ms after it has read', async () => {
    const { state, waited } = wait(false);
    await vi.advanceTimersByTimeAsync(400);
    expect(waited()).toBeUndefined();
    state.read = true;
    await vi.advanceTimersByTimeAsync(1);
    expect(waited()).toBeLessThanOrEqual(401);
  });

  it('looks once a millisecond, not in a loop', async () => {
    const turns = vi.spyOn(globalThis, 'setImmediate');
    const { state, abort } = wait(false);
    await vi.advanceTimersByTimeAsync(100);
    expect(state.looks).toBeLessThan(110);
    expect(turns.mock.calls.length).toBeLessThan(10);
    abort();
    await vi.advanceTimersByTimeAsync(1);
  });

  it('gives up on a client that reads nothing for a second', async () => {
    const { waited } = wait(false);
    await vi.advanceTimersByTimeAsync(999);
    expect(waited()).toBeUndefined();
    await vi.advanceTimersByTimeAsync(1);
    expect(waited()).toBe(1000);
  });

  it('waits 5 ms from the write on where nothing can be told', async () => {
    const { waited } = wait(undefined);
    await vi.advanceTimersByTimeAsync(4);
    expect(waited()).toBeUndefined();
    await vi.advanceTimersByTimeAsync(1);
    expect(waited()).toBe(5);
  });

  it('does not wait where nothing can be told of what was written long ago', async () => {
    const at = performance.now();
    await vi.advanceTimersByTimeAsync(5);
    let over = false;
    void untilRead({ at, isRead: () => undefined }, new AbortController().signal).then(() => {
      over = true;
    });
    await vi.advanceTimersByTimeAsync(0);
    expect(over).toBe(true);
  });

  it('ends with the call', async () => {
    const { state, waited, abort } = wait(false);
    await vi.advanceTimersByTimeAsync(100);
    abort();
    await vi.advanceTimersByTimeAsync(1);
    expect(waited()).toBeLessThanOrEqual(101);
    const { looks } = state;
    await vi.advanceTimersByTimeAsync(100);
    expect(state.looks).toBe(looks);
  });
});
