import { CONTROL_DEADLINE_MS } from '../engine/client.ts';
import { createExec, inspectExec, startExec } from '../engine/exec.ts';
import { toEngineError } from '../engine/failure.ts';
import type { ByteStream } from '../engine/http-stream.ts';
import { neverStarted, startFailure } from '../engine/start-failure.ts';
import { AppError } from '../errors.ts';
import { STATUS } from '../frames/demuxer.ts';
import type { Outcome, Termination } from '../protocol/outcome.ts';
import type { ExecRun, RunReport } from '../protocol/run.ts';
import type { RunContext } from './context.ts';
import { type FinalState, finalState } from './final-state.ts';
import { killRun, markerOf } from './kill.ts';
import { createOutput, type Output, outputFields, outputNotices } from './output.ts';
import { StartGate } from './start-gate.ts';
import { sendStdin } from './stdin.ts';
import { type Straggler, watchForStraggler } from './straggler.ts';

/** After a kill the rest of the output has this long to come; a client that still has to read it is waited for. */
const DRAIN_MS = 500;

interface Started {
  readonly engineExecId: string;
  readonly output: Output;
  readonly gate: StartGate;
  readonly stream: ByteStream;
}

interface Ended {
  readonly outcome: Outcome;
  readonly termination: Termination;
  readonly exitCode: number | null;
  readonly notices: readonly string[];
}

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

const NEVER_BEGUN: Ended = { outcome: 'cancelled', termination: 'none', exitCode: null, notices: [] };

/** A cancel may come before the engine knows of the run, and again before it starts: then nothing is started. */
async function createAndRun(run: ExecRun, context: RunContext, output: Output): Promise<Ended> {
  if (context.ending.reason !== undefined) return NEVER_BEGUN;
  const engineExecId = await createRunExec(run, context);
  if (context.ending.reason !== undefined) return NEVER_BEGUN;
  return startAndWait(run, context, output, engineExecId);
}

function createRunExec(run: ExecRun, context: RunContext): Promise<string> {
  const { containerId, cmd, workdir, user, tty } = run;
  const env = [markerOf(run.execId), ...run.env];
  return createExec(context.engine, { containerId, cmd, env, workdir, user, tty, stdin: run.stdin !== undefined });
}

async function startAndWait(run: ExecRun, context: RunContext, output: Output, engineExecId: string): Promise<Ended> {
  const started = await start(run, context, output, engineExecId);
  context.ending.after(run.timeoutMs, 'timeout');
  if (run.stdin !== undefined) sendStdin(started.stream, run.stdin, run.tty);
  const straggler = watchForStraggler(context.engine, engineExecId);
  try {
    const first = await Promise.race([output.ended, straggler.left, context.ending.happened]);
    if (typeof first === 'string') return await stopped(run, context, started);
    return await endedByItself(run, context, started, first);
  } finally {
    straggler.dispose();
    started.stream.destroy();
  }
}

async function start(run: ExecRun, context: RunContext, output: Output, engineExecId: string): Promise<Started> {
  let stream: ByteStream | undefined;
  const gate = new StartGate(output.sink, {
    framed: !run.tty,
    failedToStart: async () => neverStarted(await inspectExec(context.engine, engineExecId).catch(() => STILL_UNKNOWN)),
    resume: () => stream?.resume(),
  });
  try {
    stream = await startExec(context.engine, engineExecId, run.tty, gate, AbortSignal.timeout(CONTROL_DEADLINE_MS));
  } catch (error) {
    throw startError(error);
  }
  output.attach(stream);
  return { engineExecId, output, gate, stream };
}

/** Taken for a running process where the engine does not answer: what it printed must not be swallowed. */
const STILL_UNKNOWN = { running: true, exitCode: null, hostPid: 0 } as const;

function startError(error: unknown): AppError {
  if (error instanceof DOMException && error.name === 'TimeoutError') {
    return new AppError('ENGINE_TIMEOUT', `The engine did not start the command within ${CONTROL_DEADLINE_MS} ms.`);
  }
  return toEngineError(error, 'start the command', { 404: 'CONTAINER_NOT_FOUND', 409: 'CONTAINER_NOT_RUNNING' });
}

type NaturalEnd = Awaited<Output['ended']> | Straggler;

async function endedByItself(run: ExecRun, context: RunContext, started: Started, end: NaturalEnd): Promise<Ended> {
  const stop = (): boolean => context.ending.reason !== undefined;
  const final = await finalState(context.engine, run, started.engineExecId, stop);
  if (final.kind === 'finished' && final.state.running) return stopped(run, context, started);
  if (final.kind === 'finished' && neverStarted(final.state)) throw startFailure(started.gate.sentence);
  return toEnded(final, end, started);
}

function toEnded(final: FinalState, end: NaturalEnd, started: Started): Ended {
  if (final.kind === 'gone') {
    return {
      outcome: 'lost',
      termination: final.containerGone ? 'none' : 'unknown',
      exitCode: null,
      notices: [`The run was lost: ${final.reason}`],
    };
  }
  const broken = brokenStream(end, started);
  if (broken !== undefined) {
    return { outcome: 'lost', termination: 'none', exitCode: null, notices: [broken] };
  }
  return { outcome: 'exited', termination: 'none', exitCode: final.state.exitCode, notices: stragglerNotice(end) };
}

/** Why output may be missing although the process ended by itself. */
function brokenStream(end: NaturalEnd, started: Started): string | undefined {
  if (end.kind === 'broken') return `The connection to the engine broke: ${end.error.message}`;
  if (started.output.delivery.status === STATUS.corrupt) return 'The engine sent something that is not a frame.';
  if (started.output.delivery.status === STATUS.systemError) {
    return `The engine reported an error in the stream: ${started.output.demuxer.systemError()}`;
  }
  return undefined;
}

function stragglerNotice(end: NaturalEnd): string[] {
  if (end.kind !== 'straggler') return [];
  return ['The command ended, but a process it left behind keeps its output open; what that still prints is not here.'];
}

/** Timeout or cancel: kills, then takes what is left of the output. */
async function stopped(run: ExecRun, context: RunContext, started: Started): Promise<Ended> {
  const reason = context.ending.reason === 'timeout' ? 'timeout' : 'cancelled';
  const { output, engineExecId } = started;
  if (reason === 'cancelled') output.delivery.discard();
  const { engine, createDemuxer } = context;
  const termination = await killRun({ engine, createDemuxer, run, engineExecId, ended: output.ended });
  await drained(output);
  return { outcome: reason, termination, exitCode: null, notices: terminationNotices(termination) };
}

/** Waits for the end of the output, at most DRAIN_MS in which the client was not what it waited for. */
async function drained(output: Output): Promise<void> {
  const end = output.ended.then(() => true);
  const pause = (): Promise<boolean> => new Promise((resolve) => setTimeout(() => resolve(false), DRAIN_MS));
  while (!(await Promise.race([end, pause()])) && output.delivery.blocked);
}

function terminationNotices(termination: Termination): string[] {
  if (termination === 'escaped') return ['Something the command started was still alive after SIGKILL.'];
  if (termination === 'unknown') {
    return [
      'Whether everything the command started is gone could not be verified: the container has no usable shell or did not answer.',
    ];
  }
  return [];
}
