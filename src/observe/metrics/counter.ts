export type Labels<Name extends string> = Readonly<Record<Name, string>>;

/** Counts by label values; only grows. */
export interface Counter<Name extends string> {
  readonly add: (labels: Labels<Name>, amount?: number) => void;
  /** The sum over all series with these label values. */
  readonly sum: (labels?: Partial<Labels<Name>>) => number;
  readonly series: () => Iterable<{ readonly labels: Labels<Name>; readonly value: number }>;
}

export function createCounter<Name extends string>(): Counter<Name> {
  const series = new Map<string, { readonly labels: Labels<Name>; value: number }>();
  return {
    add: (labels, amount = 1) => {
      const key = JSON.stringify(Object.values(labels));
      const entry = series.get(key) ?? { labels, value: 0 };
      entry.value += amount;
      series.set(key, entry);
    },
    sum: (labels = {}) => {
      const wanted = Object.entries(labels);
      const all = [...series.values()].filter((entry) =>
        wanted.every(([name, value]) => has(entry.labels, name, value)),
      );
      return all.reduce((total, { value }) => total + value, 0);
    },
    series: () => series.values(),
  };
}

function has(labels: Readonly<Record<string, string>>, name: string, value: unknown): boolean {
  return labels[name] === value;
}
