import { COLOURS, svg, text } from './chart.ts';
import { figure } from './report.ts';
import type { TimelineResult } from './results.ts';

const LEFT = 60;
const TOP = 30;
const WIDTH = 640;
const HEIGHT = 240;
const TICKS = 4;

/** A line for each, from nothing to the greatest value, over the seconds of the longest. */
export function timelineChart(title: string, timelines: readonly TimelineResult[]): string {
  const points = timelines.flatMap((one) => one.points);
  const [longest, most] = [0, 1].map((at) => Math.max(1, ...points.map((point) => point[at] ?? 0)));
  const scale = { x: WIDTH / (longest ?? 1), y: HEIGHT / (most ?? 1) };
  return svg(TOP + HEIGHT + 40, title, [
    text(0, 16, title, 'font-weight="bold"'),
    ...axes(longest ?? 1, most ?? 1),
    ...timelines.flatMap(({ name, points: own }, n) => line(name, own, scale, n)),
  ]);
}

function axes(longest: number, most: number): string[] {
  return Array.from({ length: TICKS + 1 }, (_, n) => {
    const [x, y] = [LEFT + (WIDTH * n) / TICKS, TOP + HEIGHT - (HEIGHT * n) / TICKS];
    return [
      `<line x1="${LEFT}" x2="${LEFT + WIDTH}" y1="${y}" y2="${y}" stroke="#dee2e6"/>`,
      text(4, y + 4, figure((most * n) / TICKS)),
      text(x - 8, TOP + HEIGHT + 18, `${figure((longest * n) / TICKS)} s`),
    ].join('\n');
  });
}

function line(
  name: string,
  points: TimelineResult['points'],
  scale: { readonly x: number; readonly y: number },
  index: number,
): string[] {
  const colour = COLOURS[(index * 2) % COLOURS.length] ?? '#868e96';
  const path = points.map(
    ([seconds, value]) => `${(LEFT + seconds * scale.x).toFixed(1)},${(TOP + HEIGHT - value * scale.y).toFixed(1)}`,
  );
  return [
    `<polyline points="${path.join(' ')}" fill="none" stroke="${colour}" stroke-width="1.5"/>`,
    text(LEFT + WIDTH + 10, TOP + 14 + 18 * index, name, `fill="${colour}"`),
  ];
}
