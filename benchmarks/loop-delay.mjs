/**
 * Preloaded into a server (NODE_OPTIONS): measures its main thread's event loop from one SIGUSR2 to the next, and writes the
 * milliseconds by percentile to the file that BENCHMARK_LOOP_DELAY names. Plain JavaScript: the server runs without tsx.
 */
import { writeFileSync } from 'node:fs';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { isMainThread } from 'node:worker_threads';

const file = process.env.BENCHMARK_LOOP_DELAY;

if (isMainThread && file !== undefined) {
  // A turn that comes in time counts as this millisecond: the figures are never below it.
  const histogram = monitorEventLoopDelay({ resolution: 1 });
  const milliseconds = (percentile) => histogram.percentile(percentile) / 1e6;
  const write = () => {
    histogram.disable();
    writeFileSync(file, JSON.stringify({ p50: milliseconds(50), p90: milliseconds(90), p99: milliseconds(99) }));
  };
  process.once('SIGUSR2', () => {
    histogram.enable();
    process.once('SIGUSR2', write);
  });
}
