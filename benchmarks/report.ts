import type { MeasureResult, QuestionResult, Results } from './results.ts';
import { pairedRatio, summarize } from './stats.ts';

/** The report as Markdown; its charts are written beside it under `chartPath`. */
export function report(results: Results): string {
  return `${[header(results), ...results.questions.map(section)].join('\n\n')}\n`;
}

/** Where the chart of a measure stands, relative to the report. */
export function chartPath(question: QuestionResult, measure: MeasureResult): string {
  return `charts/${question.name}-${measure.name.toLowerCase().replaceAll(/[^a-z]+/g, '-')}.svg`;
}

const HOW_TO_READ = [
  'Contenders take turns, forwards in one round and backwards in the next. A row gives the median of its trials, the least',
  'and the greatest, and how many times the reference it is: the median over the rounds of each round’s own ratio. Nothing',
  'is left out; the single samples are in `RESULTS.json`.',
].join(' ');

function header({ machine, engine }: Results): string {
  const { processor, cores, memoryGiB, system, node } = machine;
  return [
    '# Benchmarks',
    '<!-- Written by `npm run bench`, do not edit. -->',
    `${processor}, ${cores} cores, ${memoryGiB} GiB, ${system}, Node ${node}, Docker ${engine}.`,
    HOW_TO_READ,
  ].join('\n\n');
}

function section(question: QuestionResult): string {
  const { title, method, circumstances } = question;
  const measured = `Measured ${circumstances.date.slice(0, 16)}Z at ${circumstances.commit}; load of the machine before: ${circumstances.load}.`;
  return [`## ${title}`, method, measured, ...question.measures.map((one) => measureSection(question, one))].join(
    '\n\n',
  );
}

function measureSection(question: QuestionResult, measure: MeasureResult): string {
  const title = `${measure.name}, ${measure.unit} (${measure.better} is better)`;
  return [`### ${title}`, `![${title}](${chartPath(question, measure)})`, table(measure, question.reference)].join(
    '\n\n',
  );
}

function table(measure: MeasureResult, reference: string): string {
  const rows = measure.series.map((series) => row(series, measure, reference));
  return [
    `| | | median | min – max | trials | × ${reference} |`,
    '| --- | --- | ---: | ---: | ---: | ---: |',
    ...rows,
  ].join('\n');
}

function row(series: MeasureResult['series'][number], measure: MeasureResult, reference: string): string {
  const { median, min, max, trials } = summarize(series.samples);
  const against = measure.series.find((one) => one.case === series.case && one.contender === reference);
  const ratio = against === undefined ? '' : figure(pairedRatio(series.samples, against.samples));
  return `| ${series.case} | ${series.contender} | ${figure(median)} | ${figure(min)} – ${figure(max)} | ${trials} | ${ratio} |`;
}

/** Three significant digits, never in powers of ten. */
export function figure(value: number): string {
  if (value === 0) return '0';
  const digits = 2 - Math.floor(Math.log10(Math.abs(value)));
  return digits <= 0 ? String(Math.round(value)) : value.toFixed(Math.min(digits, 6));
}
