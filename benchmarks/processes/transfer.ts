import type { Figures, Measure, Series } from '../question.ts';
import { samplesOf } from '../question.ts';

/** Large outputs, moved by whatever is compared. */
export interface Transfer {
  readonly seconds: number;
  readonly cpuSeconds: number;
  /** All that was read for it. */
  readonly bytes: number;
}

/** The figures of a transfer of `bytes` bytes of output. */
export function transferFigures({ seconds, cpuSeconds }: Transfer, bytes: number): Figures {
  const gigabytes = bytes / 1e9;
  return { throughput: bytes / 1e6 / seconds, wall: seconds / gigabytes, cpu: cpuSeconds / gigabytes };
}

export interface TransferTrials {
  readonly case: string;
  readonly contender: string;
  readonly trials: readonly Figures[];
}

export function transferMeasures(all: readonly TransferTrials[]): Measure[] {
  const series = (figure: string): Series[] =>
    all.map((one) => ({ case: one.case, contender: one.contender, samples: samplesOf(one.trials, figure) }));
  return [
    { name: 'Throughput', unit: 'MB/s', better: 'higher', series: series('throughput') },
    { name: 'Wall time', unit: 's/GB', better: 'lower', series: series('wall') },
    { name: 'Processor time of the client side', unit: 's/GB', better: 'lower', series: series('cpu') },
  ];
}
