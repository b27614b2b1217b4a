import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Ending } from '../../../src/execution/ending.ts';

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

describe('Ending', () => {
  it('keeps the first reason', async () => {
    const ending = new Ending();
    ending.because('cancelled');
    ending.because('timeout');
    expect(ending.reason).toBe('cancelled');
    await expect(ending.happened).resolves.toBe('cancelled');
  });

  it('comes of itself when its time has passed, and not before', () => {
    const ending = new Ending();
    ending.after(1000, 'timeout');
    vi.advanceTimersByTime(999);
    expect(ending.reason).toBeUndefined();
    vi.advanceTimersByTime(1);
    expect(ending.reason).toBe('timeout');
  });

  it('keeps a cancel that came before the time had passed', () => {
    const ending = new Ending();
    ending.after(1000, 'timeout');
    ending.because('cancelled');
    vi.advanceTimersByTime(5000);
    expect(ending.reason).toBe('cancelled');
  });

  it('takes the earlier of two times', () => {
    const ending = new Ending();
    ending.after(2000, 'limit');
    ending.after(1000, 'until');
    vi.advanceTimersByTime(5000);
    expect(ending.reason).toBe('until');
  });

  it('has no time where none was given, nor a timer left when disposed', () => {
    const ending = new Ending();
    ending.after(undefined, 'timeout');
    expect(vi.getTimerCount()).toBe(0);
    ending.after(1000, 'timeout');
    ending.dispose();
    expect(vi.getTimerCount()).toBe(0);
  });
});
