import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { REASONS, type Reason, SHAPES, type Shape } from '../e2e/kill/shapes.ts';

const FILE = new URL('../e2e/kill/figures.json', import.meta.url);

const figures = z.array(
  z.strictObject({
    shape: z.string(),
    reason: z.enum(REASONS),
    runs: z.int(),
    median: z.int().nullable(),
    max: z.int().nullable(),
  }),
);

/**
 * The table of trees and what became of them. What is alive and what is said comes from the shapes that the tests hold the
 * server to; ms from the last time they were measured.
 */
export function terminationTable(): string {
  const measured = figures.parse(JSON.parse(readFileSync(FILE, 'utf8')));
  const ms = (shape: Shape, reason: Reason): string => {
    const found = measured.find((one) => one.shape === shape.name && one.reason === reason);
    return found === undefined || found.median === null ? '–' : `${found.median} · ${found.max}`;
  };
  const head = ['Tree', 'Alive afterwards', '`termination`', ...REASONS, 'Remark'];
  const rows = SHAPES.map((shape) => [
    shape.name,
    `${shape.left ?? 0} of ${shape.processes}`,
    `\`${shape.termination ?? 'killed'}\``,
    ...REASONS.map((reason) => ms(shape, reason)),
    shape.remark ?? '',
  ]);
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}
