import { describe, expect, it } from 'vitest';
import { median, pairedRatio, quantile, summarize } from '../../../benchmarks/stats.ts';

describe('quantile', () => {
  it('is a sample where one stands there, in any order given', () => {
    expect(quantile([5, 1, 3], 0)).toBe(1);
    expect(quantile([5, 1, 3], 0.5)).toBe(3);
    expect(quantile([5, 1, 3], 1)).toBe(5);
  });

  it('lies between two samples in proportion', () => {
    expect(quantile([10, 20], 0.25)).toBe(12.5);
    expect(median([4, 1, 2, 3])).toBe(2.5);
  });

  it('sorts by number, not by text', () => {
    expect(median([9, 10, 100])).toBe(10);
  });

  it('refuses to make one up from nothing', () => {
    expect(() => median([])).toThrow(RangeError);
  });
});

describe('summarize', () => {
  it('tells the median, the extremes and how many there were', () => {
    expect(summarize([2, 8, 4])).toEqual({ median: 4, min: 2, max: 8, trials: 3 });
  });
});

describe('pairedRatio', () => {
  it('compares within a round, so that a slow spell of the machine falls out', () => {
    expect(pairedRatio([2, 4, 20], [1, 2, 10])).toBe(2);
  });

  it('is not the ratio of the medians', () => {
    expect(pairedRatio([1, 6, 9], [1, 2, 9])).toBe(1);
  });

  it('refuses rounds that do not pair up', () => {
    expect(() => pairedRatio([1, 2], [1])).toThrow('2 samples against 1');
  });
});
