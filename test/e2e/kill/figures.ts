import { writeFileSync } from 'node:fs';
import type { Ending } from './ending.ts';
import { REASONS, type Reason, SHAPES, type Shape } from './shapes.ts';

/** How often every tree is ended; more than once to measure. */
export const repeats = Number(process.env['TERMINATION_ROUNDS'] ?? 1);

const FILE = new URL('./figures.json', import.meta.url);

interface Sample {
  readonly shape: Shape;
  readonly reason: Reason;
  readonly ending: Ending;
}

/** Writes down ms from reason to death for the documentation, where trees were ended often enough to tell. */
export function keepFigures(samples: readonly Sample[]): void {
  if (repeats === 1) return;
  const figures = SHAPES.flatMap((shape) => REASONS.map((reason) => figure(samples, shape, reason)));
  writeFileSync(FILE, `${JSON.stringify(figures, null, 2)}\n`);
}

function figure(samples: readonly Sample[], shape: Shape, reason: Reason) {
  const ms = samples
    .filter((sample) => sample.shape === shape && sample.reason === reason)
    .flatMap(({ ending }) => ending.ms ?? [])
    .toSorted((a, b) => a - b);
  const [median = null, max = null] = [ms[Math.floor(ms.length / 2)], ms.at(-1)];
  return { shape: shape.name, reason, runs: ms.length, median, max };
}
