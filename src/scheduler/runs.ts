import type { Run, RunReport } from '../protocol/run.ts';
import { createPool, type Pool, type PoolOptions } from './pool.ts';
import { Scheduler, type SchedulerOptions, type SchedulerStats } from './scheduler.ts';
import { type OutputSink, runInPool } from './session.ts';

export interface ScheduleOptions {
  readonly signal: AbortSignal;
  /** Where streamed output goes; undefined where nothing is streamed. */
  readonly sink: OutputSink | undefined;
  /** Awaited when the run has its place and before a worker hears of it; what it throws fails the run. */
  begin(): Promise<void>;
}

/** Runs something in a worker when there is a place for it. Throws QUEUE_FULL, the signal's reason, or what the run failed with. */
export type Schedule = (run: Run, options: ScheduleOptions) => Promise<RunReport>;

/** One kind of run with places and threads of its own: followed logs must not take the places of execs. */
export interface Runs {
  readonly schedule: Schedule;
  /** Starts a thread, so that the first run finds it ready. */
  warm(): void;
  stats(): SchedulerStats;
  /** Threads the pool may use. */
  threads(): number;
  close(): Promise<void>;
}

/** The pool is made with the first run, or shortly before it: the answer to `initialize` does not wait for threads. */
export function createRuns(options: SchedulerOptions & Omit<PoolOptions, 'places'>): Runs {
  const scheduler = new Scheduler(options);
  let made: Pool | undefined;
  const pool = (): Pool => {
    made ??= createPool(options);
    return made;
  };
  const schedule: Schedule = (run, { signal, sink, begin }) =>
    scheduler.submit(async () => {
      await begin();
      return runInPool(pool(), run, signal, sink);
    }, signal);
  return {
    schedule,
    warm: () => void pool(),
    stats: () => scheduler.stats,
    threads: () => made?.threads ?? 0,
    close: async () => made?.close(),
  };
}
