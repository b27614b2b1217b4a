import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';

const FILE = fileURLToPath(new URL('RESULTS.json', import.meta.url));

const machine = z.object({
  processor: z.string(),
  cores: z.int(),
  memoryGiB: z.number(),
  system: z.string(),
  node: z.string(),
});

const measure = z.object({
  name: z.string(),
  unit: z.string(),
  better: z.enum(['higher', 'lower']),
  series: z
    .array(z.object({ case: z.string(), contender: z.string(), samples: z.array(z.number()).readonly() }))
    .readonly(),
  timelines: z
    .array(z.object({ name: z.string(), points: z.array(z.tuple([z.number(), z.number()]).readonly()).readonly() }))
    .readonly()
    .optional(),
});

const questionResult = z.object({
  name: z.string(),
  title: z.string(),
  method: z.string(),
  reference: z.string().optional(),
  yardstick: z.string().optional(),
  circumstances: z.object({ date: z.string(), commit: z.string(), load: z.number() }),
  measures: z.array(measure).readonly(),
});

const results = z.object({
  machine,
  /** Versions of the Docker engine and its client. */
  engine: z.string(),
  questions: z.array(questionResult).readonly(),
});

export type Results = z.output<typeof results>;
export type QuestionResult = z.output<typeof questionResult>;
export type MeasureResult = z.output<typeof measure>;
export type TimelineResult = NonNullable<MeasureResult['timelines']>[number];

/** The newest results of every question, or undefined before the first run. */
export function readResults(): Results | undefined {
  return existsSync(FILE) ? results.parse(JSON.parse(readFileSync(FILE, 'utf8'))) : undefined;
}

/** Writes them as this repository formats its files: they are kept under version control. */
export function writeResults(newest: Results): void {
  writeFileSync(FILE, JSON.stringify(newest, undefined, 2));
  const biome = createRequire(import.meta.url).resolve('@biomejs/biome/bin/biome');
  execFileSync(process.execPath, [biome, 'format', '--write', FILE], { stdio: ['ignore', 'ignore', 'inherit'] });
}

/**
 * `fresh` together with what it did not ask anew. Figures of another machine, Node or engine are left out: they do not
 * belong beside these.
 */
export function mergeResults(old: Results | undefined, fresh: Results, order: readonly string[]): Results {
  const kept = old !== undefined && sameSurroundings(old, fresh) ? old.questions : [];
  const byName = new Map([...kept, ...fresh.questions].map((question) => [question.name, question]));
  return { ...fresh, questions: order.flatMap((name) => byName.get(name) ?? []) };
}

function sameSurroundings(a: Results, b: Results): boolean {
  return JSON.stringify([a.machine, a.engine]) === JSON.stringify([b.machine, b.engine]);
}
