import { reached } from './reached.ts';
import type { MeasureResult, QuestionResult, Results } from './results.ts';
import { pairedRatio, summarize } from './stats.ts';
import type { Target } from './target.ts';
import { TARGETS } from './targets.ts';

/** The report as Markdown; its charts are written beside it under `chartPath`. */
export function report(results: Results): string {
  return `${[header(results), ...results.questions.map(section)].join('\n\n')}\n`;
}

/** Where the chart of a measure stands, relative to the report. */
export function chartPath(question: QuestionResult, measure: MeasureResult): string {
  return `charts/${question.name}-${measure.name.toLowerCase().replaceAll(/[^a-z]+/g, '-')}.svg`;
}

/** The same of its chart over time. */
export function timelinePath(question: QuestionResult, measure: MeasureResult): string {
  return chartPath(question, measure).replace('.svg', '-over-time.svg');
}

const HOW_TO_READ = [
  'Contenders take turns, forwards in one round and backwards in the next. A row gives the median of its trials, the least',
  'and the greatest, and how many times the reference it is: the median over the rounds of each round’s own ratio. Nothing',
  'is left out; the single samples are in `RESULTS.json`.',
].join(' ');

function header(results: Results): string {
  const { machine, engine } = results;
  const { processor, cores, memoryGiB, system, node } = machine;
  return [
    '# Benchmarks',
    '<!-- Written by `npm run bench`, do not edit. -->',
    '## Targets',
    targetTable(results),
    `${processor}, ${cores} cores, ${memoryGiB} GiB, ${system}, Node ${node}, Docker ${engine}.`,
    HOW_TO_READ,
  ].join('\n\n');
}

function targetTable(results: Results): string {
  const rows = TARGETS.map((target) => targetRow(target, results));
  return ['| | target | reached | |', '| --- | ---: | ---: | --- |', ...rows].join('\n');
}

function targetRow(target: Target, results: Results): string {
  const now = reached(target, results);
  const bound = `${target.bound === 'at least' ? '≥' : '≤'} ${target.value} ${target.unit}`;
  if (now === undefined) return `| ${target.what} | ${bound} | – | not measured |`;
  return `| ${target.what} | ${bound} | ${figure(now.value)} ${target.unit} | ${now.met ? 'met' : '**missed**'} |`;
}

function section(question: QuestionResult): string {
  const { title, method, circumstances } = question;
  const measured = `Measured ${circumstances.date.slice(0, 16)}Z at ${circumstances.commit}; load of the machine before: ${circumstances.load}.`;
  const measures = question.measures.map((one) => measureSection(question, one));
  const content = measures.length > 0 ? measures : ['Not measured: this machine lacks what it takes.'];
  return [`## ${title}`, method, measured, ...content].join('\n\n');
}

function measureSection(question: QuestionResult, measure: MeasureResult): string {
  const title = `${measure.name}, ${measure.unit} (${measure.better} is better)`;
  const charts = [image(title, chartPath(question, measure))];
  if (measure.timelines !== undefined) charts.push(image(`${measure.name} over time`, timelinePath(question, measure)));
  return [`### ${title}`, ...charts, table(measure, question.reference)].join('\n\n');
}

function image(title: string, path: string): string {
  return `![${title}](${path})`;
}

function table(measure: MeasureResult, reference: string | undefined): string {
  const rows = measure.series.map((series) => row(series, measure, reference));
  return [
    `| | | median | min – max | trials | ${reference === undefined ? '' : `× ${reference.replaceAll('|', '\\|')}`} |`,
    '| --- | --- | ---: | ---: | ---: | ---: |',
    ...rows,
  ].join('\n');
}

function row(series: MeasureResult['series'][number], measure: MeasureResult, reference: string | undefined): string {
  const { median, min, max, trials } = summarize(series.samples);
  const against = measure.series.find((one) => one.case === series.case && one.contender === reference);
  const ratio = against === undefined ? '' : figure(pairedRatio(series.samples, against.samples));
  return `| ${series.case} | ${series.contender.replaceAll('|', '\\|')} | ${figure(median)} | ${figure(min)} – ${figure(max)} | ${trials} | ${ratio} |`;
}

/** Three significant digits, never in powers of ten. */
export function figure(value: number): string {
  if (value === 0) return '0';
  const digits = 2 - Math.floor(Math.log10(Math.abs(value)));
  return digits <= 0 ? String(Math.round(value)) : value.toFixed(Math.min(digits, 6));
}
