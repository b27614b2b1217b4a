import { setTimeout as delay } from 'node:timers/promises';
import type { ExecState } from '../../engine/exec.ts';
import type { Termination } from '../../protocol/outcome.ts';
import { firstLineOf } from '../side-command.ts';
import { type HostProcess, isAlive, processesOf } from './host-processes.ts';
import { hasStrays, treeOf } from './host-tree.ts';
import { type KillTarget, markerOf } from './target.ts';

type Signal = 'STOP' | 'TERM' | 'CONT' | 'KILL';

/** What is worth a command in the container. */
const DEADLY: ReadonlySet<Signal> = new Set(['TERM', 'KILL']);
const POLL_MS = 20;
/** How long a process may take to die of KILL, on a busy machine. */
const DIES_WITHIN_MS = 500;
/** How long the container's own `kill` may take. */
const KILL_COMMAND_MS = 1_000;

/** What this host saw of a run. */
interface Hunt {
  readonly target: KillTarget;
  readonly main: number;
  /** Everything that was found to be the run's. */
  tree: readonly HostProcess[];
  /** All of the container at the last look. */
  processes: readonly HostProcess[];
}

/**
 * For containers without a usable shell, where the engine is on this machine: signals the run's processes by their pids on this
 * host, none but the container's. Those that are not this user's to signal are left to the container's own `kill`. Says
 * `killed` only where all of the container could be looked at; `unknown` where nothing of it can be seen from here.
 * `state` is what the engine said of the run before; undefined: nothing.
 */
export async function killFromHost(target: KillTarget, state: ExecState | undefined): Promise<Termination> {
  const hunt: Hunt = { target, main: state?.hostPid ?? 0, tree: [], processes: [] };
  await look(hunt);
  if (hunt.processes.length === 0) return 'unknown';
  const since = hunt.tree.find(({ pid }) => pid === hunt.main)?.start;
  await stopAll(hunt);
  await send(hunt, 'TERM');
  await send(hunt, 'CONT');
  await untilGone(hunt, target.graceMs);
  await stopAll(hunt);
  await send(hunt, 'KILL');
  await untilGone(hunt, DIES_WITHIN_MS);
  await look(hunt);
  if (hunt.tree.some(isAlive)) return 'escaped';
  // A main process whose pid is known is gone where no process of the container has it.
  const mainGone = hunt.main > 1 || state?.running === false;
  return mainGone && !hasStrays(hunt.processes, hunt.tree, since ?? 0) ? 'killed' : 'unknown';
}

/** Adds what was found since; returns whether that was anything. */
async function look(hunt: Hunt): Promise<boolean> {
  hunt.processes = await processesOf(hunt.target.run.containerId);
  const seed = { marker: markerOf(hunt.target.run.execId), main: hunt.main, known: hunt.tree };
  const found = treeOf(hunt.processes, seed).filter(({ pid }) => !hunt.tree.some((one) => one.pid === pid));
  hunt.tree = [...hunt.tree, ...found];
  return found.length > 0;
}

/** So that nothing forks away between the look and the signal. */
async function stopAll(hunt: Hunt): Promise<void> {
  do await send(hunt, 'STOP');
  while (await look(hunt));
}

async function send(hunt: Hunt, signal: Signal): Promise<void> {
  const denied = hunt.tree.filter((one) => isAlive(one) && !signalled(one, signal));
  if (denied.length > 0 && DEADLY.has(signal)) await sendInside(hunt.target, denied, signal);
}

/** false: not allowed. */
function signalled({ pid }: HostProcess, signal: Signal): boolean {
  try {
    return process.kill(pid, `SIG${signal}`);
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'ESRCH';
  }
}

/** `kill` as the run's own user, by the pids that this host knows. */
async function sendInside(target: KillTarget, denied: readonly HostProcess[], signal: Signal): Promise<void> {
  const { containerId, user } = target.run;
  const cmd = ['kill', '-s', signal, '--', ...denied.map((one) => String(one.pidInside))];
  await firstLineOf(target.engine, target.createDemuxer, { containerId, user, cmd, deadlineMs: KILL_COMMAND_MS });
}

async function untilGone(hunt: Hunt, withinMs: number): Promise<void> {
  const until = performance.now() + withinMs;
  while (performance.now() < until && hunt.tree.some(isAlive)) await delay(POLL_MS);
}
