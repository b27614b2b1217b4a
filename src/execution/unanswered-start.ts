import { type ExecState, inspectExec } from '../engine/exec.ts';
import { socketCodeOf, statusOf } from '../engine/failure.ts';
import type { AppError } from '../errors.ts';
import type { Ended } from './exec-end.ts';
import { type KillTarget, killRun } from './kill.ts';
import { killLater } from './kill-later.ts';

/** How long a start that was sent may take to show. */
const SHOWS_WITHIN_MS = 500;
const POLL_MS = 50;
const LOOK_DEADLINE_MS = 1_000;

/** Nobody listened: the request was not sent. */
const NOT_SENT: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'ENOENT',
  'EACCES',
  'ENOTFOUND',
  'EHOSTUNREACH',
  'ERR_SSH',
]);

/** Whether the engine may have obeyed a start that failed with this: it was sent, and not refused. */
export function maybeStarted(failure: AppError): boolean {
  const { cause } = failure;
  return statusOf(cause) === undefined && !NOT_SENT.has(socketCodeOf(cause) ?? '');
}

/**
 * The end of a run whose start was sent and never answered. The engine is asked whether it started all the same: then it
 * is killed, since nobody reads what it prints. Throws `failure` where it did not start.
 */
export async function endUnanswered(failure: AppError, target: KillTarget): Promise<Ended> {
  const state = await shown(target);
  if (state !== undefined && !state.running && state.exitCode === null) throw failure;
  const termination = state?.running === false ? 'none' : await killRun(target);
  if (state === undefined) killLater(target);
  const notices = [`Whether the command ran is not known for sure: ${failure.message}`];
  return { outcome: 'lost', termination, exitCode: null, notices };
}

/** The exec as it is once it runs or ended, or after the time a start takes; undefined where nobody says. */
async function shown({ engine, engineExecId }: KillTarget): Promise<ExecState | undefined> {
  for (const until = performance.now() + SHOWS_WITHIN_MS; ; ) {
    const state = await inspectExec(engine, engineExecId, LOOK_DEADLINE_MS).catch(() => undefined);
    const decided = state === undefined || state.running || state.exitCode !== null;
    if (decided || performance.now() > until) return state;
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}
