import { shownBytes } from '../display/shown-text.ts';
import type { StreamSink } from '../engine/http-answer.ts';
import type { Demuxer, DemuxerOptions, KeptOutput } from '../frames/demuxer.ts';
import { STATE, STATUS } from '../frames/demuxer.ts';
import type { OutputPlan, RunReport } from '../protocol/run.ts';
import type { RunContext } from './context.ts';
import { Credit } from './credit.ts';
import { Delivery } from './delivery.ts';
import { Pacing } from './pacing.ts';

type DemuxerShape = Pick<DemuxerOptions, 'framing' | 'timestamps' | 'maxLines'>;

/** How an output stream ended: by itself, or with the connection's error. */
export type StreamEnd = { readonly kind: 'end' } | { readonly kind: 'broken'; readonly error: Error };

/** One run's output: the sink its stream writes to, and what is kept of it. */
export interface Output {
  readonly sink: StreamSink;
  readonly demuxer: Demuxer;
  readonly delivery: Delivery;
  /** Resolves when the stream ended, never rejects. */
  readonly ended: Promise<StreamEnd>;
  /** The stream to resume after back-pressure; set as soon as it is open. */
  attach(stream: { resume(): void }): void;
}

/** Creates the output of a run. `filter` sees every read before the demuxer does (grep). */
export function createOutput(
  context: RunContext,
  plan: OutputPlan,
  shape: DemuxerShape,
  onStatus: (status: number) => void,
): Output {
  const demuxer = context.createDemuxer({
    ...shape,
    encoding: plan.encoding,
    sanitize: plan.sanitize,
    keepBytes: plan.keepBytes,
    stream: plan.stream,
  });
  let stream: { resume(): void } | undefined;
  const credit = plan.stream === null ? null : new Credit();
  const delivery = new Delivery({ demuxer, credit, post: context.post, resume: () => stream?.resume() });
  context.onCredit((buffer) => delivery.giveBack(buffer));
  const { sink, ended } = createSink(delivery, onStatus);
  return {
    sink,
    demuxer,
    delivery,
    ended,
    attach: (opened) => {
      stream = opened;
    },
  };
}

function createSink(delivery: Delivery, onStatus: (status: number) => void): Pick<Output, 'sink' | 'ended'> {
  let finished: (end: StreamEnd) => void = () => undefined;
  const ended = new Promise<StreamEnd>((resolve) => {
    finished = resolve;
  });
  const pacing = new Pacing();
  const data = (bytes: Uint8Array): boolean => {
    const goOn = delivery.take(bytes);
    pacing.read(bytes.length);
    if (delivery.status !== STATUS.open) onStatus(delivery.status);
    return goOn;
  };
  return {
    ended,
    sink: { data, end: () => finished({ kind: 'end' }), error: (error) => finished({ kind: 'broken', error }) },
  };
}

type OutputFields = Pick<
  RunReport,
  'stdout' | 'stderr' | 'shown' | 'stdoutBytes' | 'stderrBytes' | 'truncated' | 'lines' | 'lastTimestamps'
>;

/** A copy in a buffer of its own, which can be transferred to main whatever it was a view of. */
function own(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return new Uint8Array(bytes);
}

/** Both channels together may have `most` bytes. */
function shown({ stdout, stderr }: KeptOutput, most: number): RunReport['shown'] {
  const first = shownBytes(stdout, most - stderr.length);
  const second = shownBytes(stderr, most - (first ?? stdout).length);
  return { ...(first === undefined ? {} : { stdout: first }), ...(second === undefined ? {} : { stderr: second }) };
}

/** What the report says of the output. Call once, after `delivery.finish()`. */
export function outputFields(output: Output, plan: OutputPlan): OutputFields {
  const { demuxer } = output;
  const kept = demuxer.kept(plan.maxEscapedBytes);
  return {
    stdout: own(kept.stdout),
    stderr: own(kept.stderr),
    shown: shown(kept, plan.maxEscapedBytes),
    truncated: kept.truncated,
    stdoutBytes: demuxer.state[STATE.stdoutBytes] ?? 0,
    stderrBytes: demuxer.state[STATE.stderrBytes] ?? 0,
    lines: demuxer.state[STATE.lines] ?? 0,
    lastTimestamps: demuxer.lastTimestamps(),
  };
}

/** Sentences about the output for the result's notices. */
export function outputNotices(output: Output, plan: OutputPlan, truncated: boolean): string[] {
  const replaced = output.demuxer.state[STATE.replacements] ?? 0;
  const notices: string[] = [];
  if (replaced > 0) {
    notices.push(
      `Output was not valid UTF-8: ${replaced} times U+FFFD stands for such bytes. encoding: "base64" gives them as they are.`,
    );
  }
  if (truncated) {
    notices.push(`Output was longer than ${plan.keepBytes} bytes or the largest message: its middle was left out.`);
  }
  return notices;
}
