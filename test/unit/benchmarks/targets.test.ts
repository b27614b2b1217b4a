import { describe, expect, it } from 'vitest';
import { reached } from '../../../benchmarks/reached.ts';
import type { Results } from '../../../benchmarks/results.ts';
import type { Target } from '../../../benchmarks/target.ts';
import { TARGETS } from '../../../benchmarks/targets.ts';

const TARGET: Target = {
  what: 'Speed',
  question: 'one',
  measure: 'Throughput',
  case: 'large',
  contender: 'ours',
  against: 'theirs',
  bound: 'at least',
  value: 2,
  unit: '×',
};

function results(ours: number[], theirs: number[]): Results {
  const series = [
    { case: 'large', contender: 'ours', samples: ours },
    { case: 'large', contender: 'theirs', samples: theirs },
  ];
  const question = {
    name: 'one',
    title: '',
    method: '',
    circumstances: { date: '', commit: '', load: 0 },
    measures: [{ name: 'Throughput', unit: 'GB/s', better: 'higher' as const, series }],
  };
  return {
    machine: { processor: '', cores: 1, memoryGiB: 1, system: '', node: '' },
    engine: '',
    questions: [question],
  };
}

describe('reached', () => {
  it('compares within a round', () => {
    expect(reached(TARGET, results([2, 40, 6], [1, 20, 2]))).toEqual({ value: 2, met: true });
    expect(reached(TARGET, results([1.9, 1.9, 6], [1, 1, 1]))).toEqual({ value: 1.9, met: false });
  });

  it('takes the median where nothing is compared', () => {
    const { against: _against, ...alone } = TARGET;
    const most = { ...alone, bound: 'at most' as const };
    expect(reached(most, results([3, 2, 1], []))).toEqual({ value: 2, met: true });
    expect(reached({ ...most, value: 1.9 }, results([3, 2, 1], []))).toEqual({ value: 2, met: false });
  });

  it('makes up nothing for what was not measured', () => {
    expect(reached({ ...TARGET, against: 'nobody' }, results([1], [1]))).toBeUndefined();
    expect(reached({ ...TARGET, case: 'small' }, results([1], [1]))).toBeUndefined();
    expect(reached({ ...TARGET, question: 'two' }, results([1], [1]))).toBeUndefined();
  });
});

describe('TARGETS', () => {
  it('are told apart by their names', () => {
    const names = TARGETS.map(({ what }) => what);
    expect(new Set(names).size).toBe(names.length);
  });
});
