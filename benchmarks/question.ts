import type { Engine } from '../test/engine/engine.ts';

/** All trials of one contender in one case: `samples[n]` was taken in round n. */
export interface Series {
  readonly case: string;
  readonly contender: string;
  readonly samples: readonly number[];
}

/** Seconds since the start, and the value then. */
export type Point = readonly [seconds: number, value: number];

/** How a value went over time in one trial. */
export interface Timeline {
  readonly name: string;
  readonly points: readonly Point[];
}

/** One figure that is compared, a table of the report. */
export interface Measure {
  readonly name: string;
  /** As it stands behind a number, `GB/s`. */
  readonly unit: string;
  readonly better: 'higher' | 'lower';
  readonly series: readonly Series[];
  /** The same figure over time, for a chart of its own. */
  readonly timelines?: readonly Timeline[];
}

export interface BenchmarkContext {
  /** How often every contender has its turn; each question has a default of its own. */
  readonly rounds: number | undefined;
  /** A private engine, started by the first question that asks. */
  engine(): Promise<Engine>;
  /** Says how far it is. */
  progress(text: string): void;
}

export interface Question {
  readonly name: string;
  readonly title: string;
  /** What was measured and how, for the report. */
  readonly method: string;
  /** The contender all others are divided by, where there is one. */
  readonly reference?: string;
  /** A contender that only tells what the machine can do; charts go without it, since it would dwarf the others. */
  readonly yardstick?: string;
  /** No measures at all where the machine lacks what it takes. */
  measure(context: BenchmarkContext): Promise<readonly Measure[]>;
}

/** What is measured in one trial: figures by the name of their measure. */
export type Figures = Readonly<Record<string, number>>;

/**
 * Lets the contenders take turns, so that whatever else the machine does meets all of them. Every second round runs in
 * reverse order: nobody always follows the same neighbour.
 */
export async function interleave<Contender>(
  contenders: readonly Contender[],
  rounds: number,
  trial: (contender: Contender, round: number) => Promise<Figures>,
): Promise<Map<Contender, Figures[]>> {
  const taken = new Map<Contender, Figures[]>(contenders.map((contender) => [contender, []]));
  for (let round = 0; round < rounds; round += 1) {
    const order = round % 2 === 0 ? contenders : contenders.toReversed();
    for (const contender of order) taken.get(contender)?.push(await trial(contender, round));
  }
  return taken;
}

/** One figure out of all trials' figures, to the five digits that may mean something. @throws RangeError where a trial did not measure it. */
export function samplesOf(trials: readonly Figures[] | undefined, measure: string): number[] {
  return (trials ?? []).map((figures) => {
    const value = figures[measure];
    if (value === undefined) throw new RangeError(`A trial did not measure ${measure}`);
    return Number(value.toPrecision(5));
  });
}
