import { figure } from './report.ts';
import type { MeasureResult } from './results.ts';
import { summarize } from './stats.ts';

const WIDTH = 860;
const LABELS = 280;
const BARS = 480;
const ROW = 18;
const GAP = 26;
export const COLOURS = ['#0b7285', '#66a3b0', '#5f3dc4', '#e8590c', '#868e96', '#ced4da'];

/** Bars of the medians with a line from the least to the greatest, grouped by case, of all contenders but `yardstick`. */
export function chart({ series: all, name, unit }: MeasureResult, yardstick?: string): string {
  const shown = all.filter(({ contender }) => contender !== yardstick);
  const most = Math.max(...shown.map(({ samples }) => Math.max(...samples)));
  const contenders = [...new Set(shown.map(({ contender }) => contender))];
  const parts: string[] = [];
  let y = 0;
  let group: string | undefined;
  for (const series of shown) {
    if (series.case !== group) {
      y += GAP;
      parts.push(text(0, y - 8, series.case, 'font-weight="bold"'));
      group = series.case;
    }
    parts.push(
      bar(series, y, BARS / most, COLOURS[contenders.indexOf(series.contender) % COLOURS.length] ?? '#868e96'),
    );
    y += ROW;
  }
  return svg(y + 6, `${name}, ${unit}`, parts);
}

function bar(
  { contender, samples }: MeasureResult['series'][number],
  y: number,
  scale: number,
  colour: string,
): string {
  const { median, min, max } = summarize(samples);
  const x = (value: number): string => (LABELS + value * scale).toFixed(1);
  const middle = y + ROW / 2 - 1;
  return [
    text(12, y + 12, contender),
    `<rect x="${LABELS}" y="${y}" width="${(median * scale).toFixed(1)}" height="${ROW - 3}" fill="${colour}"/>`,
    `<line x1="${x(min)}" x2="${x(max)}" y1="${middle}" y2="${middle}" stroke="#212529" stroke-width="1.5"/>`,
    text(LABELS + max * scale + 6, y + 12, figure(median)),
  ].join('\n');
}

/** A text of the picture, escaped. */
export function text(x: number, y: number, content: string, more = ''): string {
  const escaped = content.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
  return `<text x="${x.toFixed(1)}" y="${y}" ${more}>${escaped}</text>`;
}

/** The whole picture, white below its parts. */
export function svg(height: number, title: string, parts: readonly string[]): string {
  const open = `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${height}" role="img" font-family="sans-serif" font-size="12">`;
  return `${[open, `<title>${title}</title>`, '<rect width="100%" height="100%" fill="#ffffff"/>', ...parts, '</svg>'].join('\n')}\n`;
}
