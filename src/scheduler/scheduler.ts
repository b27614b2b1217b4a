import { AppError } from '../errors.ts';

export interface SchedulerOptions {
  /** Jobs that run at once, exactly. */
  readonly places: number;
  /** Jobs that may wait; the next one is refused with QUEUE_FULL. */
  readonly maxQueue: number;
}

export interface SchedulerStats {
  readonly limit: number;
  readonly running: number;
  readonly queued: number;
  readonly completed: number;
}

interface Waiting {
  start(): void;
}

/** Hands out places first come, first served. It knows nothing of threads: the cap holds whatever the pool would allow. */
export class Scheduler {
  readonly #options: SchedulerOptions;
  /** Insertion order is the queue's order; a Set makes leaving it from the middle cheap. */
  readonly #waiting = new Set<Waiting>();
  #running = 0;
  #completed = 0;

  constructor(options: SchedulerOptions) {
    this.#options = options;
  }

  get stats(): SchedulerStats {
    return {
      limit: this.#options.places,
      running: this.#running,
      queued: this.#waiting.size,
      completed: this.#completed,
    };
  }

  /**
   * Runs `job` when there is a place for it. Throws QUEUE_FULL at once when too many wait already, and the signal's reason
   * when that aborts while waiting (the place in the queue is free again then). A running job minds the signal itself.
   */
  async submit<T>(job: () => Promise<T>, signal: AbortSignal): Promise<T> {
    await this.#place(signal);
    try {
      return await job();
    } finally {
      this.#running -= 1;
      this.#completed += 1;
      this.#startNext();
    }
  }

  async #place(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    if (this.#running < this.#options.places) {
      this.#running += 1;
      return;
    }
    if (this.#waiting.size >= this.#options.maxQueue) throw this.#full();
    await this.#wait(signal);
  }

  #wait(signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const leave = (): void => {
        this.#waiting.delete(waiting);
        reject(signal.reason);
      };
      const waiting: Waiting = {
        start: () => {
          signal.removeEventListener('abort', leave);
          resolve();
        },
      };
      signal.addEventListener('abort', leave, { once: true });
      this.#waiting.add(waiting);
    });
  }

  #startNext(): void {
    const [next] = this.#waiting;
    if (next === undefined) return;
    this.#waiting.delete(next);
    this.#running += 1;
    next.start();
  }

  #full(): AppError {
    const { places, maxQueue } = this.#options;
    return new AppError('QUEUE_FULL', `All ${places} places are taken and ${maxQueue} calls wait already.`, {
      hint: 'Try again when some have finished, or raise MCP_DOCKER_MAX_CONCURRENT or MCP_DOCKER_MAX_QUEUE.',
    });
  }
}
