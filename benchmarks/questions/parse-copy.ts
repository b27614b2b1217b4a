import { execFile, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { type BenchmarkContext, interleave, type Measure, type Question, type Series, samplesOf } from '../question.ts';

const ROUNDS = 5;
const REFERENCE = 'memcpy';
const MODES = ['frames', REFERENCE] as const;
const NAMES = { frames: 'frames taken apart and copied', [REFERENCE]: REFERENCE } as const;
const CASES = { '80 B frames': 80, '1 KiB frames': 1024, '16 KiB frames': 16_384, '64 KiB frames': 65_536 } as const;

const NATIVE = fileURLToPath(new URL('../../native', import.meta.url));
const SOURCES = [fileURLToPath(new URL('../native/parse-copy.cc', import.meta.url)), join(NATIVE, 'frame.cc')];
const COMPILER = process.env['CXX'] ?? 'g++';
/** As the native module is built. */
const FLAGS = ['-O3', '-std=c++17', '-I', NATIVE];

const run = promisify(execFile);

function hasCompiler(): boolean {
  return spawnSync(COMPILER, ['--version'], { stdio: 'ignore' }).status === 0;
}

async function measureCase(name: string, frameBytes: number, program: string, rounds: number): Promise<Series[]> {
  const trials = await interleave(MODES, rounds, async (mode) => {
    const { stdout } = await run(program, [String(frameBytes), mode]);
    return { throughput: Number(stdout) / 1e9 };
  });
  return MODES.map((mode) => ({
    case: name,
    contender: NAMES[mode],
    samples: samplesOf(trials.get(mode), 'throughput'),
  }));
}

async function measure(context: BenchmarkContext): Promise<Measure[]> {
  if (!hasCompiler()) return [];
  const folder = mkdtempSync(join(tmpdir(), 'mcp-docker-exec-bench-'));
  const program = join(folder, 'parse-copy');
  try {
    await run(COMPILER, [...FLAGS, ...SOURCES, '-o', program]);
    const series: Series[] = [];
    for (const [name, frameBytes] of Object.entries(CASES)) {
      context.progress(name);
      series.push(...(await measureCase(name, frameBytes, program, context.rounds ?? ROUNDS)));
    }
    return [{ name: 'Throughput', unit: 'GB/s', better: 'higher', series }];
  } finally {
    rmSync(folder, { recursive: true });
  }
}

export const parseCopy: Question = {
  name: 'parse-copy',
  title: 'Finding the frames, beside moving their bytes',
  method: [
    'A program of a few lines around the native module’s frame reader: every header is read, every payload copied to a buffer',
    'in the cache; against `memcpy` of the same input. 512 MiB lie in memory, not in any cache; reads of 64 KiB, three passes',
    'a process. It is compiled for the purpose; without a C++ compiler there are no figures here.',
  ].join(' '),
  reference: REFERENCE,
  measure,
};
