import { setTimeout as delay } from 'node:timers/promises';
import type { EngineClient } from '../../engine/client.ts';
import { type ExecState, inspectExec } from '../../engine/exec.ts';
import type { CreateDemuxer } from '../../frames/demuxer.ts';
import type { ExecId } from '../../protocol/ids.ts';
import type { ExecRun } from '../../protocol/run.ts';
import type { RunContext } from '../context.ts';

/** What every run's marker begins with; see `markerOf`. */
export const ANY_MARKER = 'MCP_DOCKER_EXEC_ID=ex_';
/** How long the engine may take to say how the run stands. */
const STATE_DEADLINE_MS = 250;
/** The engine takes this long at most to name the pid of a process that it was asked to start. */
const STARTS_WITHIN_MS = 500;
/** How long the engine may take to say that a killed process ended. */
const END_KNOWN_MS = 500;
const POLL_MS = 20;

/** The run's mark in its environment, by which its processes are found again. */
export function markerOf(execId: ExecId): string {
  return `MCP_DOCKER_EXEC_ID=${execId}`;
}

export interface KillTarget {
  readonly engine: EngineClient;
  readonly createDemuxer: CreateDemuxer;
  readonly run: ExecRun;
  readonly engineExecId: string;
  /** ms from TERM to KILL. */
  readonly graceMs: number;
  /** Resolves when the run's output ended: most often the sign that it is gone. */
  readonly ended: Promise<unknown>;
}

/** What a kill needs to know of a run. */
export function targetOf(context: RunContext, run: ExecRun, engineExecId: string, ended: Promise<unknown>): KillTarget {
  const { engine, createDemuxer, ending } = context;
  return { engine, createDemuxer, run, engineExecId, graceMs: Math.min(run.killGraceMs, ending.mostGraceMs), ended };
}

/**
 * The run as the engine sees it, once its process has a pid or ended: one that was only just started has none yet. Undefined
 * where the engine does not say at once.
 */
export async function startedState({ engine, engineExecId }: KillTarget): Promise<ExecState | undefined> {
  for (const until = performance.now() + STARTS_WITHIN_MS; ; await delay(POLL_MS)) {
    const state = await inspectExec(engine, engineExecId, STATE_DEADLINE_MS).catch(() => undefined);
    const decided = state === undefined || state.hostPid > 1 || state.exitCode !== null;
    if (decided || performance.now() > until) return state;
  }
}

/** Whether the main process is gone, asked for as long as its end may take to be known. Throws where the engine does not say. */
export async function mainEnded({ engine, engineExecId }: KillTarget): Promise<boolean> {
  for (const until = performance.now() + END_KNOWN_MS; ; await delay(POLL_MS)) {
    const { running } = await inspectExec(engine, engineExecId);
    if (!running || performance.now() > until) return !running;
  }
}

/** Resolves with true when the run's output ended, with false after `ms`. */
export async function outputEnds(target: KillTarget, ms: number): Promise<boolean> {
  const impatience = new AbortController();
  const late = delay(ms, false, { signal: impatience.signal }).catch(() => false);
  const ended = target.ended.then(() => true);
  return Promise.race([ended, late]).finally(() => impatience.abort());
}
