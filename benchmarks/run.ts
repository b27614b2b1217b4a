/**
 * `npm run bench -- [names…] [--trials N]`: asks the named questions, or all, and writes RESULTS.json, RESULTS.md and
 * charts/ from their answers. `--report` only writes the report anew.
 */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { dockerText } from '../test/engine/cli.ts';
import { type Engine, startEngine } from '../test/engine/engine.ts';
import { chart } from './chart.ts';
import { circumstances, machine } from './machine.ts';
import type { BenchmarkContext, Question } from './question.ts';
import { demux } from './questions/demux.ts';
import { execLatency } from './questions/exec-latency.ts';
import { execStream } from './questions/exec-stream.ts';
import { logsFour, logsRead } from './questions/logs.ts';
import { memory } from './questions/memory.ts';
import { parseCopy } from './questions/parse-copy.ts';
import { responsiveness } from './questions/responsiveness.ts';
import { sparse } from './questions/sparse.ts';
import { start } from './questions/start.ts';
import { chartPath, report, timelinePath } from './report.ts';
import {
  type MeasureResult,
  mergeResults,
  type QuestionResult,
  type Results,
  readResults,
  writeResults,
} from './results.ts';
import { timelineChart } from './timeline-chart.ts';

const QUESTIONS: readonly Question[] = [
  demux,
  parseCopy,
  execStream,
  logsRead,
  logsFour,
  execLatency,
  sparse,
  responsiveness,
  start,
  memory,
];
const VERSIONS = '{{.Server.Version}} (client {{.Client.Version}})';
const HERE = fileURLToPath(new URL('./', import.meta.url));

function progress(text: string): void {
  process.stderr.write(`${text} …\n`);
}

function chosen(names: readonly string[]): readonly Question[] {
  const unknown = names.find((name) => !QUESTIONS.some((question) => question.name === name));
  if (unknown === undefined) return QUESTIONS.filter(({ name }) => names.length === 0 || names.includes(name));
  throw new Error(`There is no question ${unknown}; there are ${QUESTIONS.map(({ name }) => name).join(', ')}`);
}

function roundsOf(trials: string | undefined): number | undefined {
  if (trials === undefined || /^[1-9]\d{0,3}$/.test(trials)) return trials === undefined ? undefined : Number(trials);
  throw new Error(`--trials: expected a whole number from 1 to 9999, given ${trials}`);
}

async function ask(question: Question, context: BenchmarkContext): Promise<QuestionResult> {
  const { measure, ...described } = question;
  progress(question.title);
  const before = circumstances();
  return { ...described, circumstances: before, measures: await measure(context) };
}

async function askAll(questions: readonly Question[], rounds: number | undefined): Promise<Results> {
  let starting: Promise<Engine> | undefined;
  const engine = (): Promise<Engine> => {
    starting ??= startEngine();
    return starting;
  };
  try {
    const results: QuestionResult[] = [];
    for (const question of questions) results.push(await ask(question, { rounds, engine, progress }));
    const version = await dockerText((await engine()).docker, ['version', '--format', VERSIONS]);
    return { machine: machine(), engine: version, questions: results };
  } finally {
    await (await starting)?.stop();
  }
}

function writeReport(results: Results): void {
  rmSync(`${HERE}charts`, { recursive: true, force: true });
  mkdirSync(`${HERE}charts`);
  for (const question of results.questions) {
    for (const measure of question.measures) writeCharts(question, measure);
  }
  writeFileSync(`${HERE}RESULTS.md`, report(results));
}

function writeCharts(question: QuestionResult, measure: MeasureResult): void {
  writeFileSync(HERE + chartPath(question, measure), chart(measure, question.yardstick));
  if (measure.timelines === undefined) return;
  const title = `${measure.name} over time, ${measure.unit}`;
  writeFileSync(HERE + timelinePath(question, measure), timelineChart(title, measure.timelines));
}

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    options: { trials: { type: 'string' }, report: { type: 'boolean', default: false } },
    allowPositionals: true,
  });
  const old = readResults();
  if (!values.report) {
    const fresh = await askAll(chosen(positionals), roundsOf(values.trials));
    writeResults(
      mergeResults(
        old,
        fresh,
        QUESTIONS.map(({ name }) => name),
      ),
    );
  }
  const results = readResults();
  if (results === undefined) throw new Error('There are no results to report yet');
  writeReport(results);
  progress(`${HERE}RESULTS.md is written`);
}

await main();
