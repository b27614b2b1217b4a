import type { ProgressToken } from '@modelcontextprotocol/sdk/types.js';
import { AppError } from '../errors.ts';
import { MAX_TOKEN_BYTES } from '../protocol/run.ts';
import type { Progress } from '../tools/tool.ts';
import type { Lane } from './writer.ts';

/** Clients that reset their timeout on progress must hear something every 10 s at most. */
const HEARTBEAT_MS = 9_000;
/** A heartbeat's share of the number that must grow: exact in a double up to 137 GB, and enough for three silent days. */
const HEARTBEAT_STEP = 2 ** -15;

export interface CallProgress extends Progress {
  /** Resolves when the result may follow: the output is written, and read as far as can be told. Never rejects. */
  settled(signal: AbortSignal): Promise<void>;
  stop(): void;
}

/** What is wrong with a token: it stands in every chunk, so it is bounded. */
export function tokenFault(token: ProgressToken): AppError | undefined {
  if (Buffer.byteLength(JSON.stringify(token)) <= MAX_TOKEN_BYTES) return undefined;
  return new AppError('INVALID_ARGUMENT', `progressToken: expected at most ${MAX_TOKEN_BYTES} bytes.`);
}

/**
 * What a call sends while it runs: output lines as they come from the worker, and where nothing came for a while a
 * heartbeat, also while the call waits for a place. The token must have passed `tokenFault`.
 */
export function startProgress(token: ProgressToken, lane: Lane): CallProgress {
  const tokenJson = JSON.stringify(token);
  const begun = performance.now();
  let delivered = 0;
  let beats = 0;
  let writing = 0;
  let latest: Promise<void> = Promise.resolve();
  const track = async (written: Promise<void>): Promise<void> => {
    writing += 1;
    await written.finally(() => {
      writing -= 1;
    });
  };
  const beat = (): void => {
    if (writing > 0 || beats + 1 >= 1 / HEARTBEAT_STEP) return;
    beats += 1;
    const seconds = Math.round((performance.now() - begun) / 1000);
    const line = heartbeat(tokenJson, delivered + beats * HEARTBEAT_STEP, `running for ${seconds} s`);
    track(lane.write([line], 'output')).catch(() => undefined);
  };
  const timer = setInterval(beat, HEARTBEAT_MS);
  return {
    tokenJson,
    stop: () => clearInterval(timer),
    sink: {
      write: (lines, total) => {
        timer.refresh();
        beats = total > delivered ? 0 : beats;
        delivered = total;
        latest = track(lane.write([lines], 'output'));
        return latest;
      },
    },
    settled: async (signal) => {
      await latest.catch(() => undefined);
      await lane.untilRead(signal);
    },
  };
}

function heartbeat(tokenJson: string, progress: number, message: string): Uint8Array {
  const params = `{"progressToken":${tokenJson},"progress":${progress},"message":${JSON.stringify(message)}}`;
  return Buffer.from(`{"jsonrpc":"2.0","method":"notifications/progress","params":${params}}\n`, 'utf8');
}
