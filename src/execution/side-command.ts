import type { EngineClient } from '../engine/client.ts';
import { createExec, inspectExec, startExec } from '../engine/exec.ts';
import { neverStarted } from '../engine/start-failure.ts';
import type { CreateDemuxer } from '../frames/demuxer.ts';
import type { ContainerId } from '../protocol/ids.ts';

/** A side command's output is a few numbers. */
const KEEP_BYTES = 65_536;

export interface SideCommand {
  readonly containerId: ContainerId;
  readonly user: string;
  readonly cmd: readonly string[];
  readonly deadlineMs: number;
}

/** What a side command printed on stdout; undefined when it could not be started or gave no answer in time. */
export async function runSideCommand(
  engine: EngineClient,
  createDemuxer: CreateDemuxer,
  command: SideCommand,
): Promise<string | undefined> {
  const signal = AbortSignal.timeout(command.deadlineMs);
  try {
    const { containerId, user, cmd } = command;
    const spec = { containerId, user, cmd, env: [], workdir: undefined, tty: false, stdin: false };
    const engineExecId = await createExec(engine, spec);
    const stdout = await collect(engine, createDemuxer, engineExecId, signal);
    const state = await inspectExec(engine, engineExecId);
    return state.exitCode === 0 && !neverStarted(state) ? stdout : undefined;
  } catch {
    return undefined;
  }
}

async function collect(
  engine: EngineClient,
  createDemuxer: CreateDemuxer,
  engineExecId: string,
  signal: AbortSignal,
): Promise<string> {
  const demuxer = createDemuxer({
    framing: 'multiplexed',
    timestamps: 'absent',
    encoding: 'base64',
    sanitize: 'none',
    keepBytes: KEEP_BYTES,
    maxLines: 0,
    stream: null,
  });
  const none = new Uint8Array(0);
  let settle: { resolve: () => void; reject: (error: unknown) => void } | undefined;
  const ended = new Promise<void>((resolve, reject) => {
    settle = { resolve, reject };
  });
  const sink = {
    data: (bytes: Uint8Array) => demuxer.push(bytes, 0, bytes.length, none, 0) >= 0,
    end: () => settle?.resolve(),
    error: (error: Error) => settle?.reject(error),
  };
  const stream = await startExec(engine, engineExecId, false, sink, signal);
  signal.addEventListener('abort', () => settle?.reject(signal.reason), { once: true });
  await ended.finally(() => stream.destroy());
  demuxer.finish(none, 0);
  return Buffer.from(Buffer.from(demuxer.kept(KEEP_BYTES * 2).stdout).toString('latin1'), 'base64').toString('utf8');
}
