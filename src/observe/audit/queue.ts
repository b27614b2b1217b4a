import type { AuditRecord } from './record.ts';

interface Waiting {
  readonly record: AuditRecord;
  readonly resolve: () => void;
  readonly reject: (reason: unknown) => void;
}

/** Writes records of one UTC day; resolves when they are on disk, rejects when none of them is. */
export type Commit = (records: readonly AuditRecord[], day: string) => Promise<void>;

export interface AuditQueue {
  /** Resolves when the record is on disk. */
  readonly add: (record: AuditRecord) => Promise<void>;
  /** Resolves when nothing waits any more. */
  readonly idle: () => Promise<void>;
}

/**
 * One writer at a time. Records that arrive together, or while a write is under way, are committed together: concurrent
 * calls share one flush.
 */
export function createAuditQueue(commit: Commit): AuditQueue {
  const waiting: Waiting[] = [];
  let draining: Promise<void> | undefined;

  const drain = async (): Promise<void> => {
    await Promise.resolve();
    while (waiting.length > 0) await commitAll(waiting.splice(0, sameDay(waiting)), commit);
    draining = undefined;
  };

  return {
    add: (record) =>
      new Promise((resolve, reject) => {
        waiting.push({ record, resolve, reject });
        draining ??= drain();
      }),
    idle: async () => draining,
  };
}

async function commitAll(batch: readonly Waiting[], commit: Commit): Promise<void> {
  try {
    await commit(
      batch.map(({ record }) => record),
      dayOf(batch[0]),
    );
    for (const { resolve } of batch) resolve();
  } catch (error) {
    for (const { reject } of batch) reject(error);
  }
}

/** How many records at the front belong to the day of the first. */
function sameDay(waiting: readonly Waiting[]): number {
  const day = dayOf(waiting[0]);
  const end = waiting.findIndex((entry) => dayOf(entry) !== day);
  return end < 0 ? waiting.length : end;
}

function dayOf(entry: Waiting | undefined): string {
  return entry?.record.ts.slice(0, 10) ?? '';
}
