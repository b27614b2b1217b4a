import { MessageChannel, type MessagePort } from 'node:worker_threads';
import { AppError } from '../errors.ts';
import { Cancelled } from '../protocol/cancelled.ts';
import type { Run, RunReport, ToMain, ToWorker } from '../protocol/run.ts';
import type { Pool } from './pool.ts';

/** Where a run's streamed output goes. */
export interface OutputSink {
  /** Writes whole lines; resolves when they are with the client, rejects when it is gone. */
  write(lines: Uint8Array, delivered: number): Promise<void>;
}

/** A worker died with the run in it: what the run printed until then is with it. */
const DIED: RunReport = {
  outcome: 'lost',
  exitCode: null,
  termination: 'unknown',
  stdout: new Uint8Array(0),
  stderr: new Uint8Array(0),
  shown: {},
  stdoutBytes: 0,
  stderrBytes: 0,
  truncated: false,
  notices: ['The worker thread that read this run died: its output is lost, and the command may still run.'],
  durationMs: 0,
  lines: 0,
  lastTimestamps: { stdout: '', stderr: '' },
};

/**
 * Hands a run to a worker and stays with it to its end: passes output on, gives buffers back as the client reads, cancels
 * when the signal aborts or the client is gone. Throws AppError where the run never started.
 */
export function runInPool(pool: Pool, run: Run, signal: AbortSignal, sink: OutputSink | undefined): Promise<RunReport> {
  const { port1: port, port2 } = new MessageChannel();
  return new Promise<RunReport>((resolve, reject) => {
    const cancel = (): void => send(port, cancelOf(signal.reason));
    signal.addEventListener('abort', cancel, { once: true });
    const settle = (): void => {
      signal.removeEventListener('abort', cancel);
      port.close();
    };
    port.on('message', (message: ToMain) => {
      if (message.kind === 'output') {
        void passOn(port, message, signal, sink).catch(cancel);
        return;
      }
      settle();
      if (message.kind === 'report') resolve(message.report);
      else reject(AppError.fromBody(message.error));
    });
    pool.run({ run, port: port2 }).catch(() => {
      settle();
      resolve(DIED);
    });
    if (signal.aborted) cancel();
  });
}

/** A client that is gone cancels without a reason of its own. */
function cancelOf(reason: unknown): ToWorker {
  const graceMs = reason instanceof Cancelled ? reason.mostGraceMs : undefined;
  return { kind: 'cancel', ...(graceMs === undefined ? {} : { graceMs }) };
}

function send(port: MessagePort, message: ToWorker, transfer: readonly ArrayBuffer[] = []): void {
  port.postMessage(message, [...transfer]);
}

/** Writes one buffer and returns it. Output of a cancelled run goes nowhere: its request gets no reply either. */
async function passOn(
  port: MessagePort,
  output: Extract<ToMain, { kind: 'output' }>,
  signal: AbortSignal,
  sink: OutputSink | undefined,
): Promise<void> {
  if (sink !== undefined && !signal.aborted) {
    await sink.write(new Uint8Array(output.buffer, 0, output.length), output.delivered);
  }
  send(port, { kind: 'credit', buffer: output.buffer }, [output.buffer]);
}
