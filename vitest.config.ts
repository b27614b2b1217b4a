import { defineConfig } from 'vitest/config';

const GLOBAL_SETUP = ['test/engine/global-setup.ts'];

/** What engines differ in: these tests run a second time, with the newest Docker. */
const NEWEST = ['backpressure', 'exec', 'exec-kill', 'health', 'inspect', 'logs*', 'ps'];

/** One project a folder of test/; `engine` ones share a real Docker engine, started once a run. */
function project(name: string, engine: boolean, groupOrder = 0) {
  const include = [`test/${name}/**/*.test.ts`];
  return {
    extends: true as const,
    test: { name, include, globalSetup: engine ? GLOBAL_SETUP : [], sequence: { groupOrder } },
  };
}

const newest = {
  extends: true as const,
  test: {
    name: 'newest',
    include: NEWEST.map((name) => `test/e2e/${name}.test.ts`),
    globalSetup: ['test/engine/newest-setup.ts'],
    sequence: { groupOrder: 0 },
  },
};

export default defineConfig({
  test: {
    // Own processes: the native module and worker threads are loaded as in production.
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 30_000,
    hookTimeout: 120_000,
    teardownTimeout: 60_000,
    reporters: ['default', './test/reporter.ts'],
    projects: [
      project('unit', false),
      project('security', false),
      project('contract', false),
      project('integration', true),
      project('e2e', true),
      newest,
      project('package', true),
      project('clients', true),
      // Last, so that nothing else runs beside what is timed.
      project('load', true, 1),
    ],
  },
});
