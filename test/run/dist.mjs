import { bin, step } from './process.mjs';

/** Compiles src and workers: the end-to-end tests, the demo and the benchmarks run what is published. */
export async function buildDist() {
  await step('Compiling', process.execPath, [bin('typescript', 'tsc'), '-p', 'tsconfig.build.json']);
}
