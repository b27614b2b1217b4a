import { inspectExec } from '../engine/exec.ts';
import { type KillTarget, killRun } from './kill.ts';

/** Between two looks at the run. */
const PAUSE_MS = { first: 500, most: 10_000 } as const;
/** After that long, or that many kills, a run is left to itself. */
const GIVE_UP_MS = 900_000;
const KILLS = 5;
const LOOK_DEADLINE_MS = 2_000;

/**
 * Goes on killing a run that could not be verified to be gone, since the engine was hung or restarting or the container was
 * paused: by then its result has been given, with the termination `unknown`. Never rejects, and holds up no exit.
 */
export function killLater(target: KillTarget): void {
  void keepKilling(target).catch(() => undefined);
}

async function keepKilling(target: KillTarget): Promise<void> {
  const until = performance.now() + GIVE_UP_MS;
  let kills = 0;
  let looksGone = 0;
  for (let wait: number = PAUSE_MS.first; performance.now() < until; wait = Math.min(2 * wait, PAUSE_MS.most)) {
    await pause(wait);
    const running = await runs(target);
    if (running === undefined) continue;
    // Twice: an engine that wakes up may yet obey a start that it was sent before.
    looksGone = running ? 0 : looksGone + 1;
    if (looksGone === 2 || kills === KILLS) return;
    if (!running) continue;
    kills += 1;
    await killRun(target);
  }
}

/** undefined: the engine does not say. */
function runs({ engine, engineExecId }: KillTarget): Promise<boolean | undefined> {
  return inspectExec(engine, engineExecId, LOOK_DEADLINE_MS).then(
    ({ running }) => running,
    () => undefined,
  );
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms).unref());
}
