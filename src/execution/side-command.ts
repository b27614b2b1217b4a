import type { EngineClient } from '../engine/client.ts';
import { createExec, startExec } from '../engine/exec.ts';
import { type CreateDemuxer, STATE, STATUS } from '../frames/demuxer.ts';
import type { ContainerId } from '../protocol/ids.ts';
import { withDeadline } from './deadline.ts';

/** A side command's output is a few numbers. */
const KEEP_BYTES = 65_536;

export interface SideCommand {
  readonly containerId: ContainerId;
  readonly user: string;
  readonly cmd: readonly string[];
  readonly deadlineMs: number;
}

/**
 * The first line that a side command printed on stdout; undefined when there was none in time. Its end is not waited for:
 * Docker 20.10 holds that back for seconds while another exec of the container is dead and its children keep its output open.
 */
export async function firstLineOf(
  engine: EngineClient,
  createDemuxer: CreateDemuxer,
  command: SideCommand,
): Promise<string | undefined> {
  try {
    const { containerId, user, cmd } = command;
    const spec = { containerId, user, cmd, env: [], workdir: undefined, tty: false, stdin: false };
    return await withDeadline(command.deadlineMs, async (signal) => {
      const engineExecId = await createExec(engine, spec, command.deadlineMs);
      return collect(engine, createDemuxer, engineExecId, signal);
    });
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
    maxLines: 1,
    stream: null,
  });
  const none = new Uint8Array(0);
  let settle: { resolve: () => void; reject: (error: unknown) => void } | undefined;
  const done = new Promise<void>((resolve, reject) => {
    settle = { resolve, reject };
  });
  // The deadline may pass before the stream is open and anybody waits for its end.
  done.catch(() => undefined);
  const data = (bytes: Uint8Array): boolean => {
    demuxer.push(bytes, 0, bytes.length, none, 0);
    if (demuxer.state[STATE.status] !== STATUS.open) settle?.resolve();
    return true;
  };
  const sink = { data, end: () => settle?.resolve(), error: (error: Error) => settle?.reject(error) };
  signal.addEventListener('abort', () => settle?.reject(signal.reason), { once: true });
  const stream = await startExec(engine, engineExecId, false, sink, signal);
  await done.finally(() => stream.destroy());
  demuxer.finish(none, 0);
  return Buffer.from(Buffer.from(demuxer.kept(KEEP_BYTES * 2).stdout).toString('latin1'), 'base64').toString('utf8');
}
