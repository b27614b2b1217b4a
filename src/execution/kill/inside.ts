import { firstLineOf } from '../side-command.ts';
import { KILL_SCRIPT } from './script.ts';
import { type KillTarget, markerOf } from './target.ts';

/** How long one side command of the kill may take before the next rung is tried. */
const DEADLINE_MS = 3_000;
/** What the engine was told of earlier passes must fit into one argument, which holds 128 KiB. */
const MOST_KNOWN = 4_000;

/** One run of the kill script: a signal to all of a run, or only a look at it. */
export type Pass = 'TERM' | 'KILL' | 'LOOK';

/** What the script saw alive at its end; its own comment says what is what. */
export interface Sight {
  readonly since: string;
  readonly strays: readonly string[];
  /** As `pid:start`. */
  readonly alive: readonly string[];
}

export const NOTHING_SEEN: Sight = { since: '0', strays: [], alive: [] };

/** The engine's own text about a failed start comes on stdout as well. */
const ANSWER = /^since: (\d+) strays: ([\d ]*)alive: (.*)/s;

function sightOf(line: string | undefined): Sight | undefined {
  const [, since, strays = '', alive = ''] = ANSWER.exec(line ?? '') ?? [];
  if (since === undefined) return undefined;
  return { since, strays: strays.match(/\d+/g) ?? [], alive: alive.match(/\d+:\d+/g) ?? [] };
}

/**
 * Runs the kill script in the container, as the run's own user. `before` is what the pass before saw. Returns undefined where
 * it could not be run (no shell, paused, no engine).
 */
export async function pass(
  target: KillTarget,
  action: Pass,
  mainPid: number,
  before: Sight,
): Promise<Sight | undefined> {
  const { containerId, user, execId } = target.run;
  const known = before.alive.slice(0, MOST_KNOWN).join(' ');
  const argv = [markerOf(execId), action, String(mainPid), known, before.since];
  const cmd = ['/bin/sh', '-c', KILL_SCRIPT, 'sh', ...argv];
  const command = { containerId, user, cmd, deadlineMs: DEADLINE_MS };
  return sightOf(await firstLineOf(target.engine, target.createDemuxer, command));
}
