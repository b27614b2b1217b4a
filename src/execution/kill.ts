import { readFile } from 'node:fs/promises';
import type { EngineClient } from '../engine/client.ts';
import { inspectExec } from '../engine/exec.ts';
import type { CreateDemuxer } from '../frames/demuxer.ts';
import type { ExecId } from '../protocol/ids.ts';
import type { Termination } from '../protocol/outcome.ts';
import type { ExecRun } from '../protocol/run.ts';
import { KILL_SCRIPT } from './kill-script.ts';
import { firstLineOf } from './side-command.ts';

/** How long one side command of the kill may take before the next rung is tried. */
const SCRIPT_DEADLINE_MS = 3_000;
/** What a kill may take beside its grace: an engine that does not answer must not hold the result up. What is under way goes on. */
const PATIENCE_MS = 3_000;
/** How long the engine may take to say that a killed process ended. */
const END_KNOWN_MS = 500;
const END_POLL_MS = 20;

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

type Signal = 'TERM' | 'KILL';

/** What the kill script's line begins with; the engine's own text about a failed start comes on stdout as well. */
const ANSWER = 'alive:';

/** Pids still alive after the signal; undefined where the script could not be run (no shell, paused, no engine). */
async function signalTree(target: KillTarget, signal: Signal, mainPid: number): Promise<string[] | undefined> {
  const { containerId, user, execId } = target.run;
  const cmd = ['/bin/sh', '-c', KILL_SCRIPT, 'sh', markerOf(execId), signal, String(mainPid)];
  const command = { containerId, user, cmd, deadlineMs: SCRIPT_DEADLINE_MS };
  const line = await firstLineOf(target.engine, target.createDemuxer, command);
  return line?.startsWith(ANSWER) ? (line.slice(ANSWER.length).match(/\d+/g) ?? []) : undefined;
}

/**
 * Kills everything a run started: TERM, up to `graceMs` to go, then KILL, as the run's own user. Says `killed` only after a
 * look that found nothing of it alive and the engine's word that it ended, `escaped` if something was alive, `unknown` if
 * nobody could look.
 */
export async function killRun(target: KillTarget): Promise<Termination> {
  let timer: NodeJS.Timeout | undefined;
  const lateness = new Promise<Termination>((resolve) => {
    timer = setTimeout(() => resolve('unknown'), target.graceMs + PATIENCE_MS);
  });
  try {
    return await Promise.race([climb(target), lateness]);
  } catch {
    return 'unknown';
  } finally {
    clearTimeout(timer);
  }
}

async function climb(target: KillTarget): Promise<Termination> {
  const mainPid = await mainPidInside(target);
  const afterTerm = await signalTree(target, 'TERM', mainPid);
  if (afterTerm === undefined) return killFromHost(target);
  await withinGrace(target);
  const afterKill = await signalTree(target, 'KILL', mainPid);
  if (afterKill === undefined) return 'unknown';
  if (afterKill.length > 0) return 'escaped';
  return (await mainEnded(target)) ? 'killed' : stillRunning(target);
}

/** The script found nothing, the engine says it runs: a run that took its marker out of its environment. */
async function stillRunning(target: KillTarget): Promise<Termination> {
  await killFromHost(target);
  return (await mainEnded(target)) ? 'unknown' : 'escaped';
}

/** Whether the main process is gone, asked for as long as its end may take to be known. */
async function mainEnded(target: KillTarget): Promise<boolean> {
  const until = performance.now() + END_KNOWN_MS;
  for (;;) {
    const { running } = await inspectExec(target.engine, target.engineExecId);
    if (!running || performance.now() > until) return !running;
    await pause(END_POLL_MS);
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/**
 * The main process's pid as the container sees it, for runs that dropped the marker (`env -i`). 0 where this host cannot
 * tell: only an engine on this machine gives a pid that means something here.
 */
async function mainPidInside(target: KillTarget): Promise<number> {
  try {
    const { running, hostPid } = await inspectExec(target.engine, target.engineExecId);
    if (!running || hostPid <= 1 || !(await isOfContainer(hostPid, target.run.containerId))) return 0;
    const status = await readFile(`/proc/${hostPid}/status`, 'utf8');
    return Number(/^NSpid:.*\s(\d+)$/m.exec(status)?.[1] ?? 0);
  } catch {
    return 0;
  }
}

/** Waits for the run's output to end, at most the grace. */
async function withinGrace(target: KillTarget): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const grace = new Promise((resolve) => {
    timer = setTimeout(resolve, target.graceMs);
  });
  await Promise.race([target.ended, grace]);
  clearTimeout(timer);
}

/** Whether a process of this host belongs to the container: its pid alone could be another machine's. */
async function isOfContainer(hostPid: number, containerId: string): Promise<boolean> {
  try {
    return (await readFile(`/proc/${hostPid}/cgroup`, 'utf8')).includes(containerId);
  } catch {
    return false;
  }
}

function signalHost(hostPid: number, signal: NodeJS.Signals): boolean {
  try {
    return process.kill(hostPid, signal);
  } catch {
    return false;
  }
}

/**
 * Containers without a shell: the main process by its host pid, where the engine is on this machine. What else the run
 * started cannot be seen this way, so the answer stays `unknown`.
 */
async function killFromHost(target: KillTarget): Promise<Termination> {
  try {
    const { hostPid } = await inspectExec(target.engine, target.engineExecId);
    if (hostPid <= 1 || !(await isOfContainer(hostPid, target.run.containerId))) return 'unknown';
    if (!signalHost(hostPid, 'SIGTERM')) return 'unknown';
    await withinGrace(target);
    if (await isOfContainer(hostPid, target.run.containerId)) signalHost(hostPid, 'SIGKILL');
    return 'unknown';
  } catch {
    return 'unknown';
  }
}
