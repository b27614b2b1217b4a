import { expect, it } from 'vitest';
import { useBench } from './bench.ts';

const bench = useBench();

/** The kill's passes see: TERM, a look when the output has ended, KILL, and then whatever there is to see of a busy machine. */
const UP_TO_KILL = ['7:1 ', '7:1 ', '7:1 '];

it.concurrent('what takes its time to die of KILL has not escaped', async () => {
  const { end, reply } = await bench.exec({ ends: false, sights: [...UP_TO_KILL, '7:1 ', ''] }, { timeoutMs: 200 });
  expect(end).toBe('timeout');
  expect(reply.structured).toMatchObject({ termination: 'killed' });
});

it.concurrent('what does not die of it has', async () => {
  const { reply, ms } = await bench.exec({ ends: false, sights: UP_TO_KILL }, { timeoutMs: 200 });
  expect(reply.structured).toMatchObject({ termination: 'escaped' });
  expect(ms).toBeLessThan(4_000);
});
