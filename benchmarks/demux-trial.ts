/** One contender over one input, in a process of its own; see `trial.ts`. */
import { z } from 'zod';
import type { Contender } from './demux/contender.ts';
import { CONTENDERS } from './demux/contenders.ts';
import { framedInput } from './demux/input.ts';

/** What a read of a busy socket gives. */
const READ_BYTES = 65_536;
const WARM_UP_MS = 150;
const MEASURED_MS = 300;

const argument = z.object({
  contender: z.string().refine((name) => Object.hasOwn(CONTENDERS, name)),
  text: z.enum(['ascii', 'cjk', 'ansi']),
  frameBytes: z.int().positive(),
});

/** Feeds the input in reads, over and over, from `start` until the time is up; returns the bytes fed. */
function feed(contender: Contender, input: Buffer, start: number, forMs: number): number {
  const until = performance.now() + forMs;
  let at = start % input.length;
  let fed = 0;
  while (performance.now() < until) {
    const end = Math.min(at + READ_BYTES, input.length);
    contender.take(input.subarray(at, end));
    fed += end - at;
    at = end === input.length ? 0 : end;
  }
  return fed;
}

function assertComplete(contender: Contender, fed: number, frameBytes: number): void {
  const found = contender.payloadBytes();
  if (found === undefined) return;
  const expected = (fed / (frameBytes + 8)) * frameBytes;
  if (Math.abs(found - expected) > frameBytes) throw new Error(`${found} bytes of payload found, not ${expected}`);
}

const { contender: name, text, frameBytes } = argument.parse(JSON.parse(process.argv[2] ?? ''));
const contender = new Map<string, () => Contender>(Object.entries(CONTENDERS)).get(name)?.();
if (contender === undefined) throw new Error(`There is no contender ${name}`);
const input = framedInput(text, frameBytes);
const warmedUp = feed(contender, input, 0, WARM_UP_MS);
const begun = performance.now();
const measured = feed(contender, input, warmedUp, MEASURED_MS);
const seconds = (performance.now() - begun) / 1000;
assertComplete(contender, warmedUp + measured, frameBytes);
process.send?.({ throughput: measured / seconds / 1e9 });
