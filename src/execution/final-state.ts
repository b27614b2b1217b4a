import type { EngineClient } from '../engine/client.ts';
import { type Container, resolveContainer } from '../engine/containers.ts';
import { type ExecState, inspectExec } from '../engine/exec.ts';
import { AppError } from '../errors.ts';
import type { ExecRun } from '../protocol/run.ts';
import type { Ending } from './ending.ts';

/** Signals end a process with 128 + n; 137 is what a dying container leaves of its execs. */
const FIRST_SIGNAL_EXIT = 129;
/** How long a container may take from killing its processes to saying that it stopped. */
const STOP_NOTICE_MS = 500;
const POLL_MS = { first: 5, most: 250 } as const;

/** What the engine says of a run after its output ended. `gone`: nobody can tell any more. */
export type FinalState =
  | { readonly kind: 'finished'; readonly state: ExecState }
  | { readonly kind: 'gone'; readonly reason: string; readonly containerGone: boolean }
  /** The run was ended (timeout, cancel) before the engine had said. */
  | { readonly kind: 'interrupted' };

const CONTAINER_GONE: FinalState = {
  kind: 'gone',
  reason: 'The container was stopped, removed or restarted under the run.',
  containerGone: true,
};

/** The engine does not know the exec any more, or does not answer at all. */
async function gone(engine: EngineClient, run: ExecRun, error: unknown): Promise<FinalState> {
  const reason = error instanceof Error ? error.message : String(error);
  const answered = error instanceof AppError && error.code !== 'ENGINE_UNREACHABLE' && error.code !== 'ENGINE_TIMEOUT';
  const containerGone = answered && (await containerWentAway(engine, run).catch(() => false));
  return containerGone ? CONTAINER_GONE : { kind: 'gone', reason, containerGone };
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** Asks until the exec is no longer running: a process may close its output long before it ends. */
async function untilEnded(engine: EngineClient, engineExecId: string, ending: Ending): Promise<ExecState> {
  for (let wait: number = POLL_MS.first; ; wait = Math.min(wait * 2, POLL_MS.most)) {
    const state = await inspectExec(engine, engineExecId);
    if (!state.running || ending.reason !== undefined) return state;
    await pause(wait);
  }
}

/** undefined: it was removed. */
async function findContainer(engine: EngineClient, run: ExecRun): Promise<Container | undefined> {
  try {
    return await resolveContainer(engine, run.containerId);
  } catch (error) {
    if (error instanceof AppError && error.code === 'CONTAINER_NOT_FOUND') return undefined;
    throw error;
  }
}

/** Whether the container went down (or was restarted) under the run: its processes then die of 137 like killed ones. */
async function containerWentAway(engine: EngineClient, run: ExecRun): Promise<boolean> {
  const changed = async (): Promise<boolean> => {
    const container = await findContainer(engine, run);
    if (container === undefined || container.state === 'stopped' || container.state === 'removing') return true;
    return container.startedAt !== run.containerStartedAt;
  };
  for (const until = performance.now() + STOP_NOTICE_MS; performance.now() < until; await pause(50)) {
    if (await changed()) return true;
  }
  return changed();
}

/**
 * Tells a real end from a lost run, by asking the engine and never by the stream's end, which a dead engine ends as well.
 * The end of the run for another reason is not held up by an engine that does not answer.
 */
export async function finalState(
  engine: EngineClient,
  run: ExecRun,
  engineExecId: string,
  ending: Ending,
): Promise<FinalState> {
  const interrupted = ending.happened.then((): FinalState => ({ kind: 'interrupted' }));
  return Promise.race([asked(engine, run, engineExecId, ending), interrupted]);
}

async function asked(engine: EngineClient, run: ExecRun, engineExecId: string, ending: Ending): Promise<FinalState> {
  try {
    const state = await untilEnded(engine, engineExecId, ending);
    if (state.running) return { kind: 'interrupted' };
    const bySignal = state.exitCode !== null && state.exitCode >= FIRST_SIGNAL_EXIT;
    return bySignal && (await containerWentAway(engine, run)) ? CONTAINER_GONE : { kind: 'finished', state };
  } catch (error) {
    return gone(engine, run, error);
  }
}
