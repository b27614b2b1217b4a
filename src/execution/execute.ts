import type { MessagePort } from 'node:worker_threads';
import type { EngineClient } from '../engine/client.ts';
import { toAppError } from '../errors.ts';
import type { CreateDemuxer } from '../frames/demuxer.ts';
import type { Run, RunReport, RunTask, ToMain, ToWorker } from '../protocol/run.ts';
import type { RunContext } from './context.ts';
import { Ending } from './ending.ts';
import { runExec } from './exec-run.ts';
import { runLogs } from './logs-run.ts';

export interface WorkerResources {
  readonly engine: EngineClient;
  readonly createDemuxer: CreateDemuxer;
}

/** Runs one task to its end. Everything it has to say goes through the run's own port, in order; it never throws. */
export async function execute(task: RunTask, resources: WorkerResources): Promise<void> {
  const { run, port } = task;
  const ending = new Ending();
  const context = { ...resources, ending, ...portSide(port, ending) };
  const last = await outcomeOf(run, context);
  ending.dispose();
  post(port, last, last.kind === 'report' ? outputBuffers(last.report) : []);
  port.close();
}

function outputBuffers({ stdout, stderr, shown }: RunReport): ArrayBuffer[] {
  return [stdout, stderr, ...Object.values(shown)].map(({ buffer }) => buffer);
}

function post(port: MessagePort, message: ToMain, transfer: readonly ArrayBuffer[]): void {
  port.postMessage(message, [...transfer]);
}

function portSide(port: MessagePort, ending: Ending): Pick<RunContext, 'post' | 'onCredit'> {
  let giveBack: (buffer: ArrayBuffer) => void = () => undefined;
  port.on('message', (message: ToWorker) => {
    if (message.kind === 'cancel') ending.because('cancelled', message.graceMs);
    else giveBack(message.buffer);
  });
  return {
    post: (buffer, length, delivered) => post(port, { kind: 'output', buffer, length, delivered }, [buffer]),
    onCredit: (listener) => {
      giveBack = listener;
    },
  };
}

async function outcomeOf(run: Run, context: RunContext): Promise<ToMain> {
  try {
    return { kind: 'report', report: await dispatch(run, context) };
  } catch (error) {
    return { kind: 'failed', error: toAppError(error).toBody() };
  }
}

function dispatch(run: Run, context: RunContext): Promise<RunReport> {
  return run.kind === 'exec' ? runExec(run, context) : runLogs(run, context);
}
