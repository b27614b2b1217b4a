import type { ContainerId } from '../protocol/ids.ts';
import type { EngineClient } from './client.ts';
import type { StreamSink } from './http-answer.ts';
import type { ByteStream } from './http-stream.ts';
import { fieldsOf } from './json-fields.ts';
import { isPodman } from './podman.ts';

/** What is run, as the engine's exec API takes it. */
export interface ExecSpec {
  readonly containerId: ContainerId;
  readonly cmd: readonly string[];
  readonly env: readonly string[];
  readonly workdir: string | undefined;
  readonly user: string;
  readonly tty: boolean;
  readonly stdin: boolean;
}

/** The engine's view of one exec. `hostPid` is 0 before it started and for ever if it never did. */
export interface ExecState {
  readonly running: boolean;
  readonly exitCode: number | null;
  readonly hostPid: number;
  /** The engine (Podman) tells a pid only while the process runs, so that 0 says nothing about one that ended. */
  readonly forgetsPid?: true;
}

/** Creates an exec; nothing runs yet. Throws CONTAINER_NOT_FOUND (404), CONTAINER_NOT_RUNNING (409) or an engine failure. */
export function createExec(engine: EngineClient, spec: ExecSpec, deadlineMs?: number): Promise<string> {
  const body = {
    AttachStdin: spec.stdin,
    AttachStdout: true,
    AttachStderr: true,
    Tty: spec.tty,
    Cmd: spec.cmd,
    Env: spec.env,
    User: spec.user,
    ...(spec.workdir === undefined ? {} : { WorkingDir: spec.workdir }),
  };
  return engine.request(
    {
      operation: 'create the exec',
      meanings: { 404: 'CONTAINER_NOT_FOUND', 409: 'CONTAINER_NOT_RUNNING' },
      ...(deadlineMs === undefined ? {} : { deadlineMs }),
    },
    { method: 'POST', path: `/containers/${spec.containerId}/exec`, body },
    (answer) => fieldsOf(answer).text('Id'),
  );
}

/** Starts a created exec on a connection of its own; its bytes go to `sink`. */
export function startExec(
  engine: Pick<EngineClient, 'stream'>,
  engineExecId: string,
  tty: boolean,
  sink: StreamSink,
  signal: AbortSignal,
): Promise<ByteStream> {
  return engine.stream(
    {
      method: 'POST',
      path: `/exec/${engineExecId}/start`,
      body: JSON.stringify({ Detach: false, Tty: tty }),
      mode: 'upgrade',
    },
    sink,
    signal,
  );
}

/** Asks the engine how an exec stands. */
export function inspectExec(engine: EngineClient, engineExecId: string, deadlineMs?: number): Promise<ExecState> {
  return engine.request(
    { operation: 'inspect the exec', ...(deadlineMs === undefined ? {} : { deadlineMs }) },
    { method: 'GET', path: `/exec/${engineExecId}/json` },
    (answer) => {
      const info = fieldsOf(answer);
      const running = info.flag('Running');
      const hostPid = info.count('Pid') ?? 0;
      // Podman says 0 of an exec that has not ended.
      if (isPodman(answer))
        return { running, exitCode: running ? null : info.count('ExitCode'), hostPid, forgetsPid: true };
      return { running, exitCode: info.count('ExitCode'), hostPid };
    },
  );
}
