import type { MessagePort } from 'node:worker_threads';
import type { ErrorBody } from '../errors.ts';
import type { Channel, Encoding, LastTimestamps, Sanitize, StreamOptions } from '../frames/demuxer.ts';
import type { ContainerId, ExecId, TraceId } from './ids.ts';
import type { Outcome, Termination } from './outcome.ts';

/** What a run does with its output. */
export interface OutputPlan {
  readonly encoding: Encoding;
  readonly sanitize: Sanitize;
  /** Raw bytes of both channels together that the result keeps. */
  readonly keepBytes: number;
  /** Bytes of JSON-escaped text of both channels together that fit the result message. */
  readonly maxEscapedBytes: number;
  readonly stream: StreamOptions | null;
}

/** The longest progress token, as JSON text: it stands in every chunk, and the demuxer keeps room for this much. */
export { MAX_TOKEN_BYTES } from '../frames/demuxer.ts';

interface RunBase {
  readonly traceId: TraceId;
  readonly containerId: ContainerId;
  /** When the container was started as it was checked; another value later means that it was restarted under the run. */
  readonly containerStartedAt: string;
  readonly timeoutMs: number | undefined;
  readonly output: OutputPlan;
}

export interface ExecRun extends RunBase {
  readonly kind: 'exec';
  readonly execId: ExecId;
  readonly cmd: readonly string[];
  readonly env: readonly string[];
  readonly workdir: string | undefined;
  /** `uid:gid`, `uid` or name, as resolved by policy. */
  readonly user: string;
  readonly tty: boolean;
  readonly stdin: string | undefined;
  readonly killGraceMs: number;
}

export interface LogsRun extends RunBase {
  readonly kind: 'logs';
  /** Whether the container has a tty: its log is raw and all stdout. */
  readonly tty: boolean;
  readonly tail: string;
  /** Seconds and nanoseconds since the epoch, as the engine takes them. */
  readonly since: string | undefined;
  /** From when on each channel's lines are wanted to the nanosecond, since the epoch; undefined where `since` does. */
  readonly begin: Readonly<Record<Channel, bigint>> | undefined;
  readonly until: string | undefined;
  readonly follow: boolean;
  /** When a followed log's `until` comes, from now; the engine itself notices it only with the next line. */
  readonly endsInMs: number | undefined;
  readonly timestamps: boolean;
  readonly stdout: boolean;
  readonly stderr: boolean;
  readonly grep: string | undefined;
  /** 0: no bound. */
  readonly maxLines: number;
}

export type Run = ExecRun | LogsRun;

/** What a worker is handed: the run and its own channel back to main. */
export interface RunTask {
  readonly run: Run;
  readonly port: MessagePort;
}

/** Main → worker, on the run's own port. */
export type ToWorker =
  /** `graceMs` bounds the run's own kill grace: a shutdown has no time for a long one. */
  | { readonly kind: 'cancel'; readonly graceMs?: number }
  /** A buffer that was written to the client comes back: this is the credit. */
  | { readonly kind: 'credit'; readonly buffer: ArrayBuffer };

/** How a run ended, with what it printed. */
export interface RunReport {
  readonly outcome: Outcome;
  readonly exitCode: number | null;
  readonly termination: Termination;
  /** JSON string contents, escaped, as UTF-8. */
  readonly stdout: Uint8Array<ArrayBuffer>;
  readonly stderr: Uint8Array<ArrayBuffer>;
  /** The same for a person's eyes, where nothing of it may act on a terminal; undefined where that is the same. */
  readonly shown: Readonly<Partial<Record<Channel, Uint8Array<ArrayBuffer>>>>;
  readonly stdoutBytes: number;
  readonly stderrBytes: number;
  readonly truncated: boolean;
  readonly notices: readonly string[];
  readonly durationMs: number;
  readonly lines: number;
  /** Of the lines read (logs). */
  readonly lastTimestamps: LastTimestamps;
}

/** Worker → main, on the run's own port, in order; `report` or `failed` is the last. */
export type ToMain =
  /** Whole lines of JSON-RPC in `buffer[0, length)`; `delivered` is the raw bytes they bring the total to. */
  | { readonly kind: 'output'; readonly buffer: ArrayBuffer; readonly length: number; readonly delivered: number }
  | { readonly kind: 'report'; readonly report: RunReport }
  | { readonly kind: 'failed'; readonly error: ErrorBody };
