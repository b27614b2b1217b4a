import type { Reporter, SerializedError, TestModule } from 'vitest/node';

/** How many tests passed and failed; test/run.mjs prints it as the last line of a run. */
export interface Tally {
  readonly passed: number;
  readonly failed: number;
}

/** Counts tests. Sends the tally to test/run.mjs where that started vitest, else prints it. */
export default class TallyReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandled: readonly SerializedError[]): void {
    const tally = count(modules, unhandled.length);
    if (process.send !== undefined) process.send(tally);
    else process.stdout.write(`${tally.passed} passed, ${tally.failed} failed\n`);
  }
}

function count(modules: readonly TestModule[], unhandled: number): Tally {
  const tallies = modules.map(countModule);
  const sum = (key: keyof Tally) => tallies.reduce((total, tally) => total + tally[key], 0);
  return { passed: sum('passed'), failed: sum('failed') + unhandled };
}

/** A file that failed without a failed test (it could not be loaded, or a hook threw) is one failure. */
function countModule(module: TestModule): Tally {
  const inState = (state: 'passed' | 'failed') => [...module.children.allTests(state)].length;
  const failed = inState('failed');
  return { passed: inState('passed'), failed: failed === 0 && !module.ok() ? 1 : failed };
}
