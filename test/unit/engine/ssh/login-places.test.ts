import { spawn } from 'node:child_process';
import { once, setMaxListeners } from 'node:events';
import { describe, expect, it, vi } from 'vitest';
import { LoginPlaces } from '../../../../src/engine/ssh/login-places.ts';

/** Below sshd's MaxStartups of 10. */
const PLACES = 8;
const FOR_EVER = new AbortController().signal;
setMaxListeners(0, FOR_EVER);

/** Work that is under way until it is told to end. */
function work() {
  let end: () => void = () => undefined;
  const ended = new Promise<void>((resolve) => {
    end = resolve;
  });
  return { end, ended };
}

/** Two threads' views of the same places. */
function twoThreads(): [LoginPlaces, LoginPlaces] {
  const main = new LoginPlaces();
  return [main, new LoginPlaces(main.memory)];
}

describe('places for logins', () => {
  it('bound the logins of all threads together, and are passed on', async () => {
    const threads = twoThreads();
    let running = 0;
    let most = 0;
    let done = 0;
    const logins = Array.from({ length: 40 }, (_, n) =>
      threads[n % 2 === 0 ? 0 : 1].within(FOR_EVER, async () => {
        running += 1;
        most = Math.max(most, running);
        await new Promise((resolve) => setTimeout(resolve, 5));
        running -= 1;
        done += 1;
      }),
    );
    await Promise.all(logins);
    expect({ most, done }).toEqual({ most: PLACES, done: 40 });
  });

  it('are free again after a failure', async () => {
    const places = new LoginPlaces();
    for (let n = 0; n < PLACES + 1; n += 1) {
      await expect(places.within(FOR_EVER, () => Promise.reject(new Error('failed')))).rejects.toThrow('failed');
    }
  });

  it('end nothing that a thread left behind which died long ago: its pid may be another process’s', async () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    const places = new LoginPlaces();
    const [other, login] = [spawn('sleep', ['60']), work()];
    const held = places.within(FOR_EVER, async (hold) => {
      hold(other.pid);
      await login.ended;
    });
    await new Promise(setImmediate);
    vi.advanceTimersByTime(100_000);
    places.endAll();
    vi.useRealTimers();
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(other.exitCode ?? other.signalCode).toBeNull();
    other.kill();
    login.end();
    await held;
  });

  it('end what is logging in, whichever thread started it, and nothing that has logged in', async () => {
    const [main, worker] = twoThreads();
    const [under, over] = [spawn('sleep', ['60']), spawn('sleep', ['60'])];
    const login = work();
    const held = worker.within(FOR_EVER, async (hold) => {
      hold(under.pid);
      await login.ended;
    });
    await worker.within(FOR_EVER, async (hold) => hold(over.pid));
    const ended = once(under, 'exit');
    main.endAll();
    expect(await ended).toEqual([null, 'SIGTERM']);
    expect(over.exitCode ?? over.signalCode).toBeNull();
    over.kill();
    login.end();
    await held;
  });
});
