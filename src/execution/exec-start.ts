import { CONTROL_DEADLINE_MS } from '../engine/attempts.ts';
import type { Reserved } from '../engine/client.ts';
import { assertRunning, resolveContainer } from '../engine/containers.ts';
import { createExec, startExec } from '../engine/exec.ts';
import { toEngineError } from '../engine/failure.ts';
import type { ByteStream } from '../engine/http-stream.ts';
import { failedToStart, refusedStart } from '../engine/start-failure.ts';
import { AppError } from '../errors.ts';
import type { ExecRun } from '../protocol/run.ts';
import type { RunContext } from './context.ts';
import { withDeadline } from './deadline.ts';
import { markerOf } from './kill.ts';
import type { Output } from './output.ts';
import { StartGate } from './start-gate.ts';

/** A run that the engine knows of, and the connection that it will be started on. */
export interface Created {
  readonly engineExecId: string;
  readonly connection: Pick<Reserved, 'stream'>;
}

/** A run whose process the engine was asked to start. */
export interface Started {
  readonly engineExecId: string;
  readonly output: Output;
  readonly gate: StartGate;
  readonly stream: ByteStream;
}

/** A container that stopped or was paused since it was checked: the engine answers both with 409 and a sentence of its own. */
async function asRunning<T>(run: ExecRun, context: RunContext, attempt: Promise<T>): Promise<T> {
  try {
    return await attempt;
  } catch (error) {
    if (error instanceof AppError && error.code === 'CONTAINER_NOT_RUNNING') {
      assertRunning(await resolveContainer(context.engine, run.containerId));
    }
    throw error;
  }
}

/** Makes the run known to the engine; nothing runs yet. */
export function createRunExec(run: ExecRun, context: RunContext): Promise<string> {
  const { containerId, cmd, workdir, user, tty } = run;
  // Last, so that no entry of the call's own can take its place.
  const env = [...run.env, markerOf(run.execId)];
  const spec = { containerId, cmd, env, workdir, user, tty, stdin: run.stdin !== undefined };
  return asRunning(run, context, createExec(context.engine, spec));
}

/** Starts the process; its output goes to `output` from here on. Throws AppError where the engine refuses or does not answer. */
export function startRunExec(run: ExecRun, context: RunContext, output: Output, created: Created): Promise<Started> {
  return asRunning(run, context, start(run, context, output, created));
}

async function start(
  run: ExecRun,
  context: RunContext,
  output: Output,
  { engineExecId, connection }: Created,
): Promise<Started> {
  let stream: ByteStream | undefined;
  const gate = new StartGate(output.sink, {
    framed: !run.tty,
    // Taken for a running process where the engine does not answer: what it printed must not be swallowed.
    failedToStart: (sentence) => failedToStart(context.engine, engineExecId, sentence).catch(() => false),
    resume: () => stream?.resume(),
  });
  try {
    stream = await withDeadline(CONTROL_DEADLINE_MS, (signal) =>
      startExec(connection, engineExecId, run.tty, gate, signal),
    );
  } catch (error) {
    throw startError(error);
  }
  output.attach(stream);
  return { engineExecId, output, gate, stream };
}

function startError(error: unknown): AppError {
  if (error instanceof DOMException && error.name === 'TimeoutError') {
    return new AppError('ENGINE_TIMEOUT', `The engine did not start the command within ${CONTROL_DEADLINE_MS} ms.`);
  }
  return toEngineError(refusedStart(error), 'start the command', {
    404: 'CONTAINER_NOT_FOUND',
    409: 'CONTAINER_NOT_RUNNING',
  });
}
