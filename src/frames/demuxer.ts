/** The two output channels of a run, in the order of their numeric ids (0, 1) on the native side. */
export type Channel = 'stdout' | 'stderr';

/** `multiplexed`: Docker's 8-byte frame headers. `raw`: a tty's bytes, all of them stdout. */
export type Framing = 'multiplexed' | 'raw';

/** What docker_logs does with the RFC 3339 prefix the engine puts before every line. */
export type TimestampMode = 'absent' | 'keep' | 'strip';

export type Encoding = 'utf8' | 'base64';

/** Which characters that steer a terminal or hide text are made visible in output. */
export type Sanitize = 'none' | 'ansi' | 'strict';

export interface StreamOptions {
  /** Largest text of one chunk, in bytes of UTF-8 (or of base64). */
  readonly chunkBytes: number;
  /** The client's progress token as JSON text: `"abc"` or `7`. */
  readonly progressTokenJson: string;
}

export interface DemuxerOptions {
  readonly framing: Framing;
  readonly timestamps: TimestampMode;
  readonly encoding: Encoding;
  readonly sanitize: Sanitize;
  /** Raw bytes of both channels together that the final result keeps. */
  readonly keepBytes: number;
  /** Stop taking input after this many lines over both channels; 0 is no bound. */
  readonly maxLines: number;
  /** null: no chunks are written, only kept output is collected. */
  readonly stream: StreamOptions | null;
}

/**
 * Where each figure stands in `Demuxer.state`. The array is shared memory between both sides of the native
 * boundary, so that one push costs one call and allocates nothing.
 */
export const STATE = {
  /** End of what the last call wrote into `out`. */
  outEnd: 0,
  /** Raw bytes taken from each channel so far. */
  stdoutBytes: 1,
  stderrBytes: 2,
  /** Raw bytes delivered in closed chunks so far, both channels. */
  deliveredBytes: 3,
  /** Lines taken so far: newlines, plus one for an unfinished last line of a channel once `finish` ran. */
  lines: 4,
  /** 1 while a chunk is open in `out` (it has bytes but no closing part yet), else 0. */
  chunkOpen: 5,
  /** Number of U+FFFD written for bytes that were not UTF-8, both channels. */
  replacements: 6,
  /** One of `STATUS`. */
  status: 7,
  length: 8,
} as const;

export const STATUS = {
  /** More input is welcome. */
  open: 0,
  /** `maxLines` was reached; everything after it is ignored. */
  limit: 1,
  /** A frame header had an unknown stream type: the stream is out of step and cannot be read on. */
  corrupt: 2,
  /** The engine sent a type-3 frame; its text is in `systemError()`. Later input is ignored. */
  systemError: 3,
  /** `finish` came in the middle of a frame: the stream was cut, and its output is not whole. */
  truncated: 4,
} as const;

/** What is left of a run's output for its result: JSON string contents (escaped, without quotes) as UTF-8 bytes. */
export interface KeptOutput {
  readonly stdout: Uint8Array;
  readonly stderr: Uint8Array;
  /** Whether bytes were left out of either channel. */
  readonly truncated: boolean;
}

/**
 * The timestamp (RFC 3339) that the engine put before each channel's last line, '' before its first. Per channel, since
 * the engine stamps a line before it waits to write it: only within a channel do they ascend.
 */
export type LastTimestamps = Readonly<Record<Channel, string>>;

/**
 * Turns what the engine sends into what the client reads: frames → channels → whole characters → chunks → lines of JSON-RPC.
 * Two implementations keep this contract: the native module and `fallback/`; one test suite runs over both.
 *
 * Input, every case: a header split over any number of pushes; a frame of length 0 (skipped); a frame length up to
 * 2^32-1 (never buffered, so never allocated); types 0 and 1 are stdout, 2 is stderr, 3 is the engine's own error text,
 * anything else is `corrupt`; a character split over chunks, pushes and frames of its channel; bytes that are not UTF-8.
 */
export interface Demuxer {
  /** See `STATE`. Written by push, flush and finish. */
  readonly state: Float64Array;

  /**
   * Takes `input[start, end)` and writes into `out` from `outStart`. Returns how many input bytes were taken: fewer than
   * given only if `out` is nearly full (then no chunk is open: hand `out` on and push the rest with a fresh one).
   * A chunk may stay open at `outEnd`; the next push must continue with the same `out` and `outStart = outEnd`, or call `flush` first.
   * With `stream: null`, `out` is not touched and all input is taken. Throws RangeError on offsets outside the arrays or
   * an `out` with less than `MIN_OUT_BYTES` in all.
   */
  push(input: Uint8Array, start: number, end: number, out: Uint8Array, outStart: number): number;

  /** Closes the open chunk, if any; returns the new end of `out`. After it `out[0, end)` is whole lines. */
  flush(out: Uint8Array, outStart: number): number;

  /**
   * The input has ended: what is left of an incomplete character becomes U+FFFD, chunks are closed. Needs
   * `MIN_OUT_BYTES` of room from `outStart` when streaming. Returns the new end of `out`.
   */
  finish(out: Uint8Array, outStart: number): number;

  /**
   * The head and tail kept of both channels, as the contract's `docker_exec` says, at most `keepBytes` raw bytes and at most
   * `maxEscapedBytes` bytes of escaped text together. Call once, after `finish`.
   */
  kept(maxEscapedBytes: number): KeptOutput;

  /** See `LastTimestamps`: of the lines taken. Both '' with `absent`. */
  lastTimestamps(): LastTimestamps;

  /** Text of the engine's type-3 frame, at most 4096 characters; '' if there was none. */
  systemError(): string;
}

/** Room `out` must have for any envelope and one character: the token is bounded by the transport. */
export const MIN_OUT_BYTES = 16_384;

export type CreateDemuxer = (options: DemuxerOptions) => Demuxer;

/** Longest progress token, as JSON text in bytes of UTF-8: two envelopes, as `finish` may need, fit into `MIN_OUT_BYTES`. */
export const MAX_TOKEN_BYTES = 7168;
