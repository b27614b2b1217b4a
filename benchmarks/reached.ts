import type { Results } from './results.ts';
import { median, pairedRatio } from './stats.ts';
import type { Target } from './target.ts';

export interface Reached {
  readonly value: number;
  readonly met: boolean;
}

/** What the results say of a target, or undefined where it was not measured. */
export function reached(target: Target, { questions }: Results): Reached | undefined {
  const question = questions.find(({ name }) => name === target.question);
  const measure = question?.measures.find(({ name }) => name === target.measure);
  const samples = (contender: string) =>
    measure?.series.find((one) => one.case === target.case && one.contender === contender)?.samples;
  const [own, reference] = [samples(target.contender), target.against && samples(target.against)];
  if (measure === undefined || own === undefined || (target.against && reference === undefined)) return undefined;
  const value = reference ? pairedRatio(own, reference) : median(own);
  const met = target.bound === 'at least' ? value >= target.value : value <= target.value;
  return { value, met };
}
