import { expect, it, onTestFinished, vi } from 'vitest';
import { Arrivals } from '../../../src/scheduler/arrivals.ts';

const never = new AbortController().signal;

it('lets calls come in the order in which they entered', async () => {
  const arrivals = new Arrivals();
  const [first, second, third] = [arrivals.enter(never), arrivals.enter(never), arrivals.enter(never)];
  const came: string[] = [];
  const all = [
    third.come().then(() => came.push('third')),
    second.come().then(() => {
      came.push('second');
      second.pass();
    }),
  ];
  await first.come();
  came.push('first');
  first.pass();
  await Promise.all(all);
  expect(came).toEqual(['first', 'second', 'third']);
});

it('is not held up by a call that is cancelled', async () => {
  const arrivals = new Arrivals();
  const controller = new AbortController();
  arrivals.enter(controller.signal);
  const { come } = arrivals.enter(never);
  controller.abort();
  await come();
});

it('does not wait longer than a second for the checks of another call', async () => {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  const arrivals = new Arrivals();
  arrivals.enter(never);
  let came = false;
  const coming = arrivals
    .enter(never)
    .come()
    .then(() => {
      came = true;
    });
  await vi.advanceTimersByTimeAsync(999);
  expect(came).toBe(false);
  await vi.advanceTimersByTimeAsync(1);
  await coming;
});

it('waits for a call before one that has passed', async () => {
  const arrivals = new Arrivals();
  const [first, second, third] = [arrivals.enter(never), arrivals.enter(never), arrivals.enter(never)];
  let came = false;
  const coming = third.come().then(() => {
    came = true;
  });
  second.pass();
  await new Promise(setImmediate);
  expect(came).toBe(false);
  first.pass();
  await coming;
});
