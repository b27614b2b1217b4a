import { fileURLToPath } from 'node:url';
import { CONTENDERS, type ContenderName } from '../demux/contenders.ts';
import type { Text } from '../demux/input.ts';
import { type BenchmarkContext, interleave, type Measure, type Question, type Series, samplesOf } from '../question.ts';
import { runTrial } from '../trial.ts';

const TRIAL = fileURLToPath(new URL('../demux-trial.ts', import.meta.url));
const ROUNDS = 5;

interface Case {
  readonly text: Text;
  readonly frameBytes: number;
}

const CASES: readonly Case[] = [
  { text: 'ascii', frameBytes: 80 },
  { text: 'ascii', frameBytes: 1024 },
  { text: 'ascii', frameBytes: 16_384 },
  { text: 'cjk', frameBytes: 80 },
  { text: 'cjk', frameBytes: 16_384 },
  { text: 'ansi', frameBytes: 16_384 },
];

const TEXT_NAMES: Readonly<Record<Text, string>> = { ascii: 'ASCII', cjk: 'CJK', ansi: 'ANSI colours' };

function caseName({ text, frameBytes }: Case): string {
  return `${TEXT_NAMES[text]}, ${frameBytes < 1024 ? `${frameBytes} B` : `${frameBytes / 1024} KiB`} frames`;
}

async function measureCase(one: Case, context: BenchmarkContext): Promise<Series[]> {
  context.progress(caseName(one));
  const names = Object.keys(CONTENDERS);
  const trials = await interleave(names, context.rounds ?? ROUNDS, (contender) =>
    runTrial(TRIAL, { contender, ...one }),
  );
  return names.map((contender) => ({
    case: caseName(one),
    contender,
    samples: samplesOf(trials.get(contender), 'throughput'),
  }));
}

async function measure(context: BenchmarkContext): Promise<Measure[]> {
  const series: Series[] = [];
  for (const one of CASES) series.push(...(await measureCase(one, context)));
  return [{ name: 'Throughput', unit: 'GB/s', better: 'higher', series }];
}

export const demux: Question = {
  name: 'demux',
  title: 'Taking the multiplexed stream apart, in memory',
  method: [
    'Input bytes, frame headers included, per second of one thread. 64 MiB of input, more than the caches hold, goes in by',
    'reads of 64 KiB, for 0.3 s after 0.15 s to warm up, each trial in a process of its own. Frames cut the text anywhere.',
    'Only the contenders "to JSON-RPC lines" do the whole work: whole characters, repaired UTF-8, JSON, chunks, kept output.',
    'The two in JavaScript do it but for the kept output; docker-modem makes Buffers and no text.',
  ].join(' '),
  reference: 'JavaScript, text decoded' satisfies ContenderName,
  yardstick: 'memory copy' satisfies ContenderName,
  measure,
};
