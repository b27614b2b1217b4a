import { setTimeout as delay } from 'node:timers/promises';
import type { ExecState } from '../engine/exec.ts';
import type { Termination } from '../protocol/outcome.ts';
import { killFromHost } from './kill/from-host.ts';
import { pidInside } from './kill/host-processes.ts';
import { NOTHING_SEEN, pass, type Sight } from './kill/inside.ts';
import { withPatience } from './kill/patience.ts';
import { type KillTarget, mainEnded, outputEnds, startedState } from './kill/target.ts';

export { type KillTarget, markerOf, targetOf } from './kill/target.ts';

/** Waits before another look at what is still alive after KILL. */
const DYING_MS = [50, 150, 300] as const;

/**
 * Kills everything a run started: TERM, up to `graceMs` to go, then KILL, as the run's own user. Says `killed` only after a
 * look that found nothing of it alive and the engine's word that it ended, `escaped` if something was alive, `unknown` if
 * nobody could look, or something was seen of which nobody can tell whose it is.
 */
export function killRun(target: KillTarget): Promise<Termination> {
  const climbed = climb(target).catch((): Termination => 'unknown');
  return withPatience(target, climbed, 'unknown');
}

/** Whether anything the run started is seen alive, now that its main process has ended. */
export async function livesOn(target: KillTarget): Promise<boolean> {
  const seen = await pass(target, 'LOOK', 0, NOTHING_SEEN);
  return seen !== undefined && seen.alive.length > 0;
}

async function climb(target: KillTarget): Promise<Termination> {
  const state = await startedState(target);
  // An engine that says nothing may do so for long; what can be done without it is done at once.
  const early = state === undefined ? await killFromHost(target, state) : 'unknown';
  return early === 'unknown' ? killInside(target, state) : early;
}

async function killInside(target: KillTarget, state: ExecState | undefined): Promise<Termination> {
  // For runs that dropped the marker (`env -i`).
  const mainPid = await pidInside(state?.hostPid ?? 0, target.run.containerId);
  const afterTerm = await pass(target, 'TERM', mainPid, NOTHING_SEEN);
  if (afterTerm === undefined) return killFromHost(target, state);
  const killed = (await goneInGrace(target, mainPid, afterTerm)) ?? (await pass(target, 'KILL', mainPid, afterTerm));
  if (killed === undefined) return killFromHost({ ...target, graceMs: 0 }, state);
  const last = await onceDead(target, mainPid, killed);
  if (last.alive.length > 0) return 'escaped';
  if (last.strays.length > 0) return 'unknown';
  return (await mainEnded(target)) ? 'killed' : stillRunning(target, state);
}

/** What was seen once all of it was gone; undefined where the grace passed before. Output that ended leaves children that have none. */
async function goneInGrace(target: KillTarget, mainPid: number, before: Sight): Promise<Sight | undefined> {
  const until = performance.now() + target.graceMs;
  if (!(await outputEnds(target, target.graceMs))) return undefined;
  const seen = await pass(target, 'LOOK', mainPid, before);
  if (seen?.alive.length === 0) return seen;
  await new Promise((resolve) => setTimeout(resolve, until - performance.now()));
  return undefined;
}

/** KILL cannot be escaped, but what it hit has to be given a processor to end on. */
async function onceDead(target: KillTarget, mainPid: number, killed: Sight): Promise<Sight> {
  let last = killed;
  for (const wait of DYING_MS) {
    if (last.alive.length === 0) return last;
    await delay(wait);
    last = (await pass(target, 'LOOK', mainPid, last)) ?? last;
  }
  return last;
}

/** The script found nothing, the engine says it runs: a run that took its marker out of its environment. */
async function stillRunning(target: KillTarget, state: ExecState | undefined): Promise<Termination> {
  const fromHost = await killFromHost({ ...target, graceMs: 0 }, state);
  if (fromHost !== 'unknown') return fromHost;
  return (await mainEnded(target)) ? 'unknown' : 'escaped';
}
