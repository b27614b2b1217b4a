import { describe, expect, it } from 'vitest';
import { Scheduler } from '../../../src/scheduler/scheduler.ts';

/** A job that ends when the test says so, and is noted when it starts. */
function createJobs() {
  const started: string[] = [];
  const ends = new Map<string, { resolve: (value: string) => void; reject: (error: Error) => void }>();
  const job = (name: string) => () => {
    started.push(name);
    return new Promise<string>((resolve, reject) => ends.set(name, { resolve, reject }));
  };
  return {
    started,
    job,
    end: (name: string) => ends.get(name)?.resolve(name),
    fail: (name: string, error: Error) => ends.get(name)?.reject(error),
  };
}

const turn = () => new Promise<void>((resolve) => setImmediate(resolve));
const { signal: never } = new AbortController();

describe('Scheduler', () => {
  it('runs as many jobs at once as it has places, the rest in the order of their coming', async () => {
    const scheduler = new Scheduler({ places: 2, maxQueue: 10 });
    const { started, job, end } = createJobs();
    const all = ['a', 'b', 'c', 'd', 'e'].map((name) => scheduler.submit(job(name), never));
    await turn();
    expect(started).toEqual(['a', 'b']);
    expect(scheduler.stats).toEqual({ limit: 2, running: 2, queued: 3, completed: 0 });
    end('b');
    await turn();
    expect(started).toEqual(['a', 'b', 'c']);
    for (const name of ['a', 'c', 'd', 'e']) {
      end(name);
      await turn();
    }
    expect(await Promise.all(all)).toEqual(['a', 'b', 'c', 'd', 'e']);
    expect(started).toEqual(['a', 'b', 'c', 'd', 'e']);
    expect(scheduler.stats).toEqual({ limit: 2, running: 0, queued: 0, completed: 5 });
  });

  it('gives the place of a failed job to the next, and the failure to its caller', async () => {
    const scheduler = new Scheduler({ places: 1, maxQueue: 1 });
    const { started, job, fail, end } = createJobs();
    const failed = scheduler.submit(job('a'), never);
    const next = scheduler.submit(job('b'), never);
    await turn();
    fail('a', new Error('no luck'));
    await expect(failed).rejects.toThrow('no luck');
    await turn();
    expect(started).toEqual(['a', 'b']);
    end('b');
    await expect(next).resolves.toBe('b');
  });

  it('never lets a newcomer overtake one that waits, nor run one too many', async () => {
    const scheduler = new Scheduler({ places: 1, maxQueue: 10 });
    const { started, job, end } = createJobs();
    const first = scheduler.submit(job('a'), never);
    const second = scheduler.submit(job('b'), never);
    await turn();
    end('a');
    // Comes in the very moment in which the place is given on.
    const third = first.then(() => scheduler.submit(job('c'), never));
    await turn();
    expect(started).toEqual(['a', 'b']);
    expect(scheduler.stats).toMatchObject({ running: 1, queued: 1 });
    end('b');
    await second;
    await turn();
    end('c');
    await third;
    expect(started).toEqual(['a', 'b', 'c']);
  });

  it.each([0, 1, 3])('refuses with QUEUE_FULL when %i wait', async (maxQueue) => {
    const scheduler = new Scheduler({ places: 1, maxQueue });
    const { started, job } = createJobs();
    for (let index = 0; index < 1 + maxQueue; index += 1) void scheduler.submit(job(String(index)), never);
    await expect(scheduler.submit(job('late'), never)).rejects.toMatchObject({ code: 'QUEUE_FULL', retryable: true });
    expect(started).toEqual(['0']);
    expect(scheduler.stats).toMatchObject({ queued: maxQueue });
  });

  it('lets one that waits leave on its signal: its place in the queue is free, its job never runs', async () => {
    const scheduler = new Scheduler({ places: 1, maxQueue: 1 });
    const { started, job, end } = createJobs();
    const abort = new AbortController();
    const first = scheduler.submit(job('a'), never);
    const leaving = scheduler.submit(job('b'), abort.signal);
    abort.abort(new Error('changed my mind'));
    await expect(leaving).rejects.toThrow('changed my mind');
    const last = scheduler.submit(job('c'), never);
    await turn();
    end('a');
    await first;
    await turn();
    end('c');
    await last;
    expect(started).toEqual(['a', 'c']);
  });

  it('starts nothing for a signal that is aborted already', async () => {
    const scheduler = new Scheduler({ places: 1, maxQueue: 1 });
    const { started, job } = createJobs();
    await expect(scheduler.submit(job('a'), AbortSignal.abort(new Error('gone')))).rejects.toThrow('gone');
    expect(started).toEqual([]);
    expect(scheduler.stats).toEqual({ limit: 1, running: 0, queued: 0, completed: 0 });
  });

  it('leaves a running job’s signal to the job', async () => {
    const scheduler = new Scheduler({ places: 1, maxQueue: 0 });
    const { job, end } = createJobs();
    const abort = new AbortController();
    const running = scheduler.submit(job('a'), abort.signal);
    await turn();
    abort.abort();
    await turn();
    expect(scheduler.stats).toMatchObject({ running: 1 });
    end('a');
    await expect(running).resolves.toBe('a');
  });
});
