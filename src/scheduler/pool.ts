import { availableParallelism } from 'node:os';
import { Piscina } from 'piscina';
import type { RunTask } from '../protocol/run.ts';

/** A thread multiplexes its runs; more than a few threads only cost memory (each about 20 MB). */
const MOST_THREADS = 4;

export interface PoolOptions {
  /** Built worker entry. */
  readonly filename: string;
  /** Runs that may be in the pool at once; the scheduler sees to it that there are never more. */
  readonly places: number;
  /** Handed to each worker as it starts. */
  readonly workerData: unknown;
  /**
   * Threads that were started stay. A thread's programs (ssh) would otherwise stay behind as zombies: with the thread goes who asks
   * the system how they ended.
   */
  readonly keepThreads: boolean;
}

export interface Pool {
  readonly threads: number;
  /** Resolves when the worker is done with the task; rejects when it died. The run's own port says how the run ended. */
  run(task: RunTask): Promise<void>;
  close(): Promise<void>;
}

/** Half the cores: the other half is for main, the engine and the containers. */
function threadCount(places: number): number {
  return Math.max(1, Math.min(MOST_THREADS, places, Math.floor(availableParallelism() / 2)));
}

/**
 * Worker threads, the first started with the pool and kept, others on demand. `atomics` is off because Piscina's wait would
 * stop the event loop of an idle worker, on which sockets live; a task's `signal` is never used since Piscina then gives the
 * task a thread of its own and kills that. Workers take what they need from `workerData`, and nothing from the environment
 * but what ssh needs.
 */
export function createPool(options: PoolOptions): Pool {
  const threads = threadCount(options.places);
  const piscina = new Piscina<RunTask, void>({
    filename: options.filename,
    minThreads: 1,
    maxThreads: threads,
    concurrentTasksPerWorker: Math.ceil(options.places / threads),
    idleTimeout: options.keepThreads ? Number.POSITIVE_INFINITY : 60_000,
    atomics: 'disabled',
    workerData: options.workerData,
    recordTiming: false,
  });
  // A thread that dies without a task: the next run gets a new one. Unheard, the error would end the process.
  piscina.on('error', () => undefined);
  return {
    threads,
    run: (task) => piscina.run(task, { transferList: [task.port] }),
    close: () => piscina.destroy(),
  };
}
