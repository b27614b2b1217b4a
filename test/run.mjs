#!/usr/bin/env node
// Does what package.json's scripts name, from a fresh clone on: brings in what is missing, then runs it.
// Plain JavaScript on Node's own modules, since it runs before anything is installed.
import { installDependencies } from './run/dependencies.mjs';
import { buildDist } from './run/dist.mjs';
import { buildNative } from './run/native.mjs';
import { StepFailed, script } from './run/process.mjs';
import { printRefusal, runTests } from './run/tests.mjs';

const WHOLE = [installDependencies, buildNative, buildDist];
const VERBS = {
  setup: { prepare: WHOLE, run: async () => 0 },
  test: { prepare: WHOLE, run: (args) => runTests(args), refused: printRefusal },
  load: {
    prepare: WHOLE,
    run: (args) => runTests(['--project=load', ...args], { LOAD: 'full' }),
    refused: printRefusal,
  },
  demo: { prepare: WHOLE, run: (args) => script('test/demo/demo.ts', args) },
  bench: { prepare: WHOLE, run: (args) => script('benchmarks/run.ts', args) },
  docs: { prepare: [installDependencies], run: (args) => script('test/docs/write.ts', args) },
};

async function main([name, ...args]) {
  const verb = Object.hasOwn(VERBS, name ?? '') ? VERBS[name] : undefined;
  if (verb === undefined) return fail(`Usage: node test/run.mjs ${Object.keys(VERBS).join('|')} [arguments]`);
  try {
    for (const step of verb.prepare) await step();
    return await verb.run(args);
  } catch (error) {
    if (!(error instanceof StepFailed)) throw error;
    fail(error.message);
    verb.refused?.();
    return 1;
  }
}

function fail(message) {
  process.stderr.write(`${message}\n`);
  return 1;
}

process.exitCode = await main(process.argv.slice(2));
