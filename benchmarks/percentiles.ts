import { type Figures, type Measure, type Series, samplesOf } from './question.ts';
import { quantile } from './stats.ts';

const PERCENTILES = { p50: 0.5, p90: 0.9, p99: 0.99 } as const;

/** A trial of many requests, told by three of its percentiles. */
export function percentiles(milliseconds: readonly number[]): Figures {
  return Object.fromEntries(Object.entries(PERCENTILES).map(([name, at]) => [name, quantile(milliseconds, at)]));
}

/** A case for each percentile of such trials. */
export function percentileMeasure(name: string, trials: ReadonlyMap<string, readonly Figures[]>): Measure {
  const series = Object.keys(PERCENTILES).flatMap((percentile): Series[] =>
    [...trials].map(([contender, figures]) => ({
      case: percentile,
      contender,
      samples: samplesOf(figures, percentile),
    })),
  );
  return { name, unit: 'ms', better: 'lower', series };
}
