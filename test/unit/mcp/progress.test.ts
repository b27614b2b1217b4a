import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { type CallProgress, startProgress, tokenFault } from '../../../src/mcp/progress.ts';
import type { Lane } from '../../../src/mcp/writer.ts';

const params = z.strictObject({
  progressToken: z.union([z.string(), z.number()]),
  progress: z.number(),
  message: z.string(),
});
const lineShape = z.strictObject({ jsonrpc: z.literal('2.0'), method: z.literal('notifications/progress'), params });

const running: CallProgress[] = [];

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  for (const progress of running.splice(0)) progress.stop();
  vi.useRealTimers();
});

/** A lane that notes heartbeats; `blocked` writes never end. */
function create(token: string | number = 'token') {
  const written: Uint8Array[] = [];
  const state = { blocked: false, read: true };
  const lane: Lane = {
    write: (pieces) => {
      written.push(...pieces);
      return state.blocked ? new Promise(() => undefined) : Promise.resolve();
    },
    untilRead: () => (state.read ? Promise.resolve() : new Promise(() => undefined)),
  };
  const progress = startProgress(token, lane);
  running.push(progress);
  const beats = () =>
    written.flatMap((line) => {
      const text = Buffer.from(line).toString();
      return text === 'output\n' ? [] : [lineShape.parse(JSON.parse(text)).params];
    });
  return { progress, state, beats, output: (total: number) => progress.sink.write(Buffer.from('output\n'), total) };
}

describe('heartbeats', () => {
  it('come every 10 s at most, grow, and stay below 1 without output', async () => {
    const { beats } = create(0);
    await vi.advanceTimersByTimeAsync(5_000);
    expect(beats()).toEqual([]);
    await vi.advanceTimersByTimeAsync(5_000);
    expect(beats()).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(3_600_000);
    const figures = beats().map(({ progress }) => progress);
    expect(figures.length).toBeGreaterThanOrEqual(361);
    expect(figures).toEqual([...new Set(figures)].sort((a, b) => a - b));
    expect(Math.max(...figures)).toBeLessThan(1);
    expect(beats()[0]).toMatchObject({ progressToken: 0 });
  });

  it('stay below 1 in the three days that a run may be silent', async () => {
    const { beats } = create();
    await vi.advanceTimersByTimeAsync(3 * 86_400_000);
    expect(Math.max(...beats().map(({ progress }) => progress))).toBeLessThan(1);
  });

  it('add to what was delivered, and wait anew after each output', async () => {
    const { beats, output } = create();
    await output(100);
    await vi.advanceTimersByTimeAsync(6_000);
    await output(200);
    await vi.advanceTimersByTimeAsync(6_000);
    expect(beats()).toEqual([]);
    await vi.advanceTimersByTimeAsync(4_000);
    const [beat] = beats();
    expect(beat?.progress).toBeGreaterThan(200);
    expect(beat?.progress).toBeLessThan(201);
  });

  it('begin again below the next output, so that progress only grows', async () => {
    const { beats, output } = create();
    await vi.advanceTimersByTimeAsync(100_000);
    await output(1);
    await vi.advanceTimersByTimeAsync(10_000);
    const figures = beats().map(({ progress }) => progress);
    expect(Math.max(...figures.slice(0, -1))).toBeLessThan(1);
    expect(figures.at(-1)).toBeGreaterThan(1);
  });

  it('do not pile up behind a client that does not read', async () => {
    const { beats, output, state } = create();
    state.blocked = true;
    void output(10);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(beats()).toEqual([]);
  });

  it('end when they are stopped', async () => {
    const { beats, progress } = create();
    progress.stop();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(beats()).toEqual([]);
  });
});

describe('the result', () => {
  it.each([
    ['may follow what was written and read', {}, true],
    ['waits for output that is not written', { blocked: true }, false],
    ['waits for output that is not read', { read: false }, false],
  ])('%s', async (_name, how, expected) => {
    const { progress, state, output } = create();
    Object.assign(state, how);
    void output(10);
    let settled = false;
    void progress.settled(new AbortController().signal).then(() => {
      settled = true;
    });
    await vi.advanceTimersByTimeAsync(0);
    expect(settled).toBe(expected);
  });
});

describe('a progress token', () => {
  it('is JSON text for the worker', () => {
    expect(create('a"b').progress.tokenJson).toBe('"a\\"b"');
    expect(create(0).progress.tokenJson).toBe('0');
  });

  it('of absurd length is refused', () => {
    const [longest, longer] = ['x'.repeat(7166), 'x'.repeat(7167)];
    expect(tokenFault(longest)).toBeUndefined();
    expect(tokenFault(longer)).toMatchObject({ code: 'INVALID_ARGUMENT' });
  });
});
