import { setTimeout as delay } from 'node:timers/promises';
import { expect } from 'vitest';
import { z } from 'zod';
import type { TestContainer } from '../engine/containers.ts';
import type { RawClient } from './raw-client.ts';

const POLL_MS = 50;
const PATIENCE_MS = 15_000;

/** Repeats a look until it shows what was waited for; for what nothing announces. Throws after `patienceMs`. */
export async function untilSeen<T>(
  look: () => Promise<T>,
  wanted: (seen: T) => boolean,
  patienceMs = PATIENCE_MS,
): Promise<T> {
  const deadline = Date.now() + patienceMs;
  for (;;) {
    const seen = await look();
    if (wanted(seen)) return seen;
    if (Date.now() > deadline) throw new Error(`Waited in vain, last seen: ${JSON.stringify(seen)}`);
    await delay(POLL_MS);
  }
}

/** Command lines of the container's processes, as root sees them there; zombies are none. */
async function processes(box: TestContainer): Promise<string[]> {
  const { stdout } = await box.exec(['ps', '-o', 'stat,args']);
  return stdout
    .toString()
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('Z'))
    .map((line) => line.slice(line.indexOf(' ')).trim());
}

/** How many processes of the container have a command line that begins with `command`. */
export async function countOf(box: TestContainer, command: string): Promise<number> {
  return (await processes(box)).filter((line) => line.startsWith(command)).length;
}

/** A file's text in the container; '' while there is none. */
export async function fileIn(box: TestContainer, path: string): Promise<string> {
  return (await box.exec(['cat', path])).stdout.toString();
}

const poolShape = z.looseObject({ running: z.int(), queued: z.int(), limit: z.int(), completed: z.int() });

/** The execs' places as health tells them. */
export async function pool(client: Pick<RawClient, 'call'>): Promise<z.output<typeof poolShape>> {
  const { structured, isError } = await client.call('health');
  expect(isError).toBe(false);
  return poolShape.parse(structured['pool']);
}

export async function untilPool(
  client: Pick<RawClient, 'call'>,
  wanted: { running: number; queued: number },
): Promise<void> {
  await untilSeen(
    () => pool(client),
    ({ running, queued }) => running === wanted.running && queued === wanted.queued,
  );
}
