/** What is told of the trials of one measurement. */
export interface Summary {
  readonly median: number;
  readonly min: number;
  readonly max: number;
  readonly trials: number;
}

/** The value below which the share `at` (0 … 1) of the sorted samples lies, between two samples in proportion. */
export function quantile(samples: readonly number[], at: number): number {
  const sorted = [...samples].sort((a, b) => a - b);
  const position = (sorted.length - 1) * at;
  const below = sorted[Math.floor(position)];
  const above = sorted[Math.ceil(position)];
  if (below === undefined || above === undefined) throw new RangeError('No samples: there is no quantile of nothing');
  return below + (above - below) * (position - Math.floor(position));
}

export function median(samples: readonly number[]): number {
  return quantile(samples, 0.5);
}

export function summarize(samples: readonly number[]): Summary {
  return {
    median: median(samples),
    min: quantile(samples, 0),
    max: quantile(samples, 1),
    trials: samples.length,
  };
}

/**
 * How many times the reference the samples are: the median over the rounds of each round's own ratio. What slowed the
 * machine down for a while slowed both of a round, and so falls out.
 */
export function pairedRatio(samples: readonly number[], reference: readonly number[]): number {
  if (samples.length !== reference.length) {
    throw new RangeError(`Rounds do not pair up: ${samples.length} samples against ${reference.length}`);
  }
  return median(samples.map((sample, round) => sample / (reference[round] ?? Number.NaN)));
}
