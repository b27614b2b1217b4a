import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { openFiles, residentMemory } from '../e2e/process-facts.ts';
import type { RawClient } from '../e2e/raw-client.ts';
import { untilSeen } from '../e2e/witness.ts';

const PROBE = fileURLToPath(new URL('./probe.mjs', import.meta.url));

const counts = z.record(z.string(), z.int());

const threadShape = z.strictObject({
  probe: z.int(),
  thread: z.int(),
  threads: z.int(),
  /** Timers and handles that keep the thread's loop alive. */
  resources: counts,
  /** Objects that survive a garbage collection; a listener left behind is a function. */
  held: counts,
  heapBytes: z.int(),
  externalBytes: z.int(),
});

/** Things counted by kind. */
export type Counts = z.output<typeof counts>;
export type ThreadHoldings = z.output<typeof threadShape>;

/** What a server holds at one moment, threads in order: main first. */
export interface Holdings {
  readonly threads: readonly ThreadHoldings[];
  readonly openFiles: Counts;
  /** Resident memory in bytes, after garbage was collected. */
  readonly memory: number;
}

/** Environment of a server that can be asked for its holdings. */
export const probed = { NODE_OPTIONS: `--import=${PROBE}` };

export async function holdings(client: RawClient): Promise<Holdings> {
  const before = lastProbe(client);
  client.signal('SIGUSR2');
  const threads = await untilSeen(
    async () => probes(client).filter(({ probe }) => probe === before + 1),
    (reports) => reports.length === reports.find(({ thread }) => thread === 0)?.threads,
  );
  return {
    threads: threads.toSorted((a, b) => a.thread - b.thread),
    openFiles: openFiles(client.pid),
    memory: residentMemory(client.pid),
  };
}

function lastProbe(client: RawClient): number {
  return Math.max(0, ...probes(client).map(({ probe }) => probe));
}

function probes(client: RawClient): ThreadHoldings[] {
  const lines = client.stderrLines.filter((line) => line.startsWith('{"probe":'));
  return lines.map((line) => threadShape.parse(JSON.parse(line)));
}
