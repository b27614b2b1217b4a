import { neverStarted, startFailure } from '../engine/start-failure.ts';
import { AppError, toAppError } from '../errors.ts';
import { STATE } from '../frames/demuxer.ts';
import type { ExecRun, RunReport } from '../protocol/run.ts';
import type { RunContext } from './context.ts';
import { type Ended, type NaturalEnd, terminationNotices, toEnded } from './exec-end.ts';
import { type Created, createRunExec, type Started, startRunExec } from './exec-start.ts';
import { finalState } from './final-state.ts';
import { type KillTarget, killRun, livesOn, targetOf } from './kill.ts';
import { killLater } from './kill-later.ts';
import { createOutput, type Output, outputFields, outputNotices } from './output.ts';
import { reserveConnection } from './reservation.ts';
import { sendStdin } from './stdin.ts';
import { StragglerWatch } from './straggler.ts';
import { endUnanswered, maybeStarted } from './unanswered-start.ts';

/** After a kill the rest of the output has this long to come; a client that still has to read it is waited for. */
const DRAIN_MS = 500;

/**
 * Runs one command to its end and reports how it ended. Throws AppError where it never started. The engine is asked for the
 * truth afterwards: neither the end of the stream nor an exit code alone says how a run ended.
 */
export async function runExec(run: ExecRun, context: RunContext): Promise<RunReport> {
  const begun = performance.now();
  const output = createExecOutput(run, context);
  const ended = await createAndRun(run, context, output);
  await output.delivery.finish();
  const fields = outputFields(output, run.output);
  const notices = [...ended.notices, ...outputNotices(output, run.output, fields.truncated)];
  return { ...ended, ...fields, notices, durationMs: Math.round(performance.now() - begun) };
}

function createExecOutput(run: ExecRun, context: RunContext): Output {
  const shape = { framing: run.tty ? 'raw' : 'multiplexed', timestamps: 'absent', maxLines: 0 } as const;
  return createOutput(context, run.output, shape, () => undefined);
}

/** Connections made ready while a command runs: for what may have to kill it, and for the next. */
const BESIDE_A_RUN = 2;

const NEVER_BEGUN: Ended = { outcome: 'cancelled', termination: 'none', exitCode: null, notices: [] };

/**
 * A cancel may come before the engine knows of the run: then nothing is started. Between creation and start it is too late
 * for that, since the engine cannot remove what it created: the run is started and killed at once, without a grace.
 */
async function createAndRun(run: ExecRun, context: RunContext, output: Output): Promise<Ended> {
  if (context.ending.reason !== undefined) return NEVER_BEGUN;
  const connection = await reserveConnection(context, run.timeoutMs);
  if (connection === undefined) return NEVER_BEGUN;
  try {
    const engineExecId = await createRunExec(run, context);
    if (context.ending.reason !== undefined) context.ending.because(context.ending.reason, 0);
    return await startAndWait(run, context, output, { engineExecId, connection });
  } finally {
    connection.release();
  }
}

async function startAndWait(run: ExecRun, context: RunContext, output: Output, created: Created): Promise<Ended> {
  const { engineExecId } = created;
  const target = targetOf(context, run, engineExecId, output.ended);
  const started = await startRunExec(run, context, output, created).catch((error: unknown) => toAppError(error));
  if (started instanceof AppError) {
    if (maybeStarted(started)) return endUnanswered(started, target);
    throw started;
  }
  context.engine.prepare(BESIDE_A_RUN);
  context.ending.after(run.timeoutMs, 'timeout');
  if (run.stdin !== undefined) sendStdin(started.stream, run.stdin, run.tty);
  const straggler = new StragglerWatch(context.engine, engineExecId, {
    awaitsClient: () => output.delivery.awaitsClient,
    bytes: () => bytesOf(output),
    spool: () => output.delivery.spool(),
    stopSpooling: () => output.delivery.stopSpooling(),
  });
  try {
    const first = await Promise.race([output.ended, straggler.left, context.ending.happened]);
    straggler.dispose();
    if (typeof first === 'string') return await stopped(run, context, started);
    const ended = await endedByItself(run, context, started, first);
    return (await wasHeldOpen(ended, straggler, target)) ? withHeldOpenNotice(ended) : ended;
  } finally {
    started.stream.destroy();
  }
}

async function endedByItself(run: ExecRun, context: RunContext, started: Started, end: NaturalEnd): Promise<Ended> {
  const final = await finalState(context.engine, run, started.engineExecId, context.ending);
  if (final.kind === 'interrupted') return stopped(run, context, started);
  const { sentence } = started.gate;
  if (final.kind === 'finished' && neverStarted(final.state, sentence)) throw startFailure(sentence);
  if (end.kind === 'end') await started.output.delivery.finish();
  return toEnded(final, end, started);
}

const HELD_OPEN =
  'The command ended, but a process it left behind kept its output open; what that still prints is not here.';

/** Some engines end the output themselves some time after the process; the notice is due either way. */
async function wasHeldOpen({ outcome }: Ended, straggler: StragglerWatch, target: KillTarget): Promise<boolean> {
  if (outcome !== 'exited') return false;
  return straggler.heldOpen || (straggler.maybeDropped && (await livesOn(target)));
}

function withHeldOpenNotice(ended: Ended): Ended {
  return { ...ended, notices: [...ended.notices, HELD_OPEN] };
}

function bytesOf({ demuxer }: Output): number {
  return (demuxer.state[STATE.stdoutBytes] ?? 0) + (demuxer.state[STATE.stderrBytes] ?? 0);
}

/** Timeout or cancel: kills, then takes what is left of the output. */
async function stopped(run: ExecRun, context: RunContext, started: Started): Promise<Ended> {
  const reason = context.ending.reason === 'timeout' ? 'timeout' : 'cancelled';
  const { output, engineExecId } = started;
  if (reason === 'cancelled') output.delivery.discard();
  else output.delivery.spool();
  const target = targetOf(context, run, engineExecId, output.ended);
  const termination = await killRun(target);
  if (termination === 'unknown') killLater(target);
  await drained(output);
  return { outcome: reason, termination, exitCode: null, notices: terminationNotices(termination) };
}

/** Waits for the end of the output, at most DRAIN_MS in which the client was not what it waited for. */
async function drained(output: Output): Promise<void> {
  const end = output.ended.then(() => true);
  const pause = (): Promise<boolean> => new Promise((resolve) => setTimeout(() => resolve(false), DRAIN_MS));
  while (!(await Promise.race([end, pause()])) && output.delivery.awaitsClient);
}
