import { setTimeout as delay } from 'node:timers/promises';
import { inspectExec } from '../../engine/exec.ts';
import type { KillTarget } from './target.ts';

/**
 * What a kill may take beside its grace while the engine says nothing at all. With the last of the output, which is waited for
 * afterwards, the result comes within the grace and 1 s.
 */
const SILENT_MS = 450;
/** What it may take more where the engine answers: it is only slow then. */
const SLOW_MS = 3_000;
/** How long the engine has to answer one short question before it counts as silent. */
const LISTEN_MS = 1_000;

/** `work`, or `late` when that takes too long: an engine that does not answer must not hold the result up. The work goes on. */
export async function withPatience<T>(target: KillTarget, work: Promise<T>, late: T): Promise<T> {
  const done = new AbortController();
  const exhausted = exhaustion(target, done.signal).then(
    () => late,
    () => late,
  );
  return Promise.race([work, exhausted]).finally(() => done.abort());
}

/** The question is asked late, so that an engine which fell silent during a long grace is noticed as well. */
async function exhaustion(target: KillTarget, signal: AbortSignal): Promise<void> {
  const withinMs = target.graceMs + SILENT_MS;
  const listenMs = Math.min(withinMs, LISTEN_MS);
  await delay(withinMs - listenMs, undefined, { signal });
  const until = performance.now() + listenMs;
  const slowMs = (await answers(target, listenMs)) ? SLOW_MS : 0;
  await delay(until + slowMs - performance.now(), undefined, { signal });
}

function answers({ engine, engineExecId }: KillTarget, withinMs: number): Promise<boolean> {
  return inspectExec(engine, engineExecId, withinMs).then(
    () => true,
    () => false,
  );
}
