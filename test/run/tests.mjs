import { bin, show } from './process.mjs';

/**
 * Runs vitest, with `env` added to the environment, and ends with the line `N passed, N failed`, whatever became of the
 * run. Resolves to the exit code.
 */
export async function runTests(args, env = {}) {
  let tally = { passed: 0, failed: 0 };
  const code = await show(process.execPath, [bin('vitest'), 'run', ...args], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    onMessage: (message) => {
      tally = message;
    },
  });
  // A run that ends badly without a failed test (bad configuration, no tests found) is itself a failure.
  const failed = code === 0 ? tally.failed : Math.max(tally.failed, 1);
  print({ ...tally, failed });
  return code;
}

/** The last line where tests could not even be started. */
export function printRefusal() {
  print({ passed: 0, failed: 1 });
}

function print({ passed, failed }) {
  process.stdout.write(`${passed} passed, ${failed} failed\n`);
}
