import { OUTCOMES, type Outcome } from '../protocol/outcome.ts';
import type { CallEvent, CallListener, ToolName } from './events.ts';
import { type Counter, createCounter } from './metrics/counter.ts';

/** Figures that others hold; read when asked for. */
export interface Gauges {
  readonly running: () => number;
  readonly queued: () => number;
}

export type DurationObserver = (tool: ToolName, seconds: number) => void;

/** Counts calls without any library, so that the health tool costs no start-up time; `metrics/server.ts` exports them. */
export interface Metrics {
  readonly listener: CallListener;
  /** A small flat object for the health tool. */
  readonly snapshot: () => Record<string, number>;
  readonly counters: {
    readonly calls: Counter<'tool' | 'outcome' | 'error'>;
    readonly runs: Counter<'outcome'>;
    /** By what the kill did; runs that needed none are not among them. */
    readonly kills: Counter<'termination'>;
    readonly bytes: Counter<'channel'>;
    readonly denied: Counter<'rule'>;
  };
  readonly gauges: Gauges;
  /** Tells of every answered call's duration from now on. */
  readonly onDuration: (observer: DurationObserver) => void;
}

export function createMetrics(gauges: Gauges): Metrics {
  const counters: Metrics['counters'] = {
    calls: createCounter(),
    runs: createCounter(),
    kills: createCounter(),
    bytes: createCounter(),
    denied: createCounter(),
  };
  const observers: DurationObserver[] = [];
  return {
    counters,
    gauges,
    listener: (event) => {
      count(counters, event);
      if (event.kind !== 'call_finished') return;
      for (const observe of observers) observe(event.tool, event.durationMs / 1_000);
    },
    snapshot: () => snapshot(counters, gauges),
    onDuration: (observer) => void observers.push(observer),
  };
}

function count({ calls, runs, kills, bytes, denied }: Metrics['counters'], event: CallEvent): void {
  if (event.kind === 'run_started') return;
  calls.add({ tool: event.tool, outcome: outcomeOf(event), error: event.errorCode ?? '' });
  if (event.kind === 'call_denied') {
    denied.add({ rule: event.rule });
    return;
  }
  if (event.outcome !== undefined) runs.add({ outcome: event.outcome });
  if (event.termination !== undefined && event.termination !== 'none') kills.add({ termination: event.termination });
  bytes.add({ channel: 'stdout' }, event.stdoutBytes ?? 0);
  bytes.add({ channel: 'stderr' }, event.stderrBytes ?? 0);
}

function outcomeOf(event: Exclude<CallEvent, { kind: 'run_started' }>): Outcome | 'ok' | 'error' | 'denied' {
  if (event.kind === 'call_denied') return 'denied';
  return event.outcome ?? (event.errorCode === undefined ? 'ok' : 'error');
}

function snapshot({ calls, runs, kills, bytes, denied }: Metrics['counters'], gauges: Gauges): Record<string, number> {
  const ended = OUTCOMES.map((outcome) => [outcome, runs.sum({ outcome })] as const);
  return {
    calls: calls.sum(),
    denied: denied.sum(),
    errors: calls.sum({ outcome: 'error' }),
    runs: runs.sum(),
    ...Object.fromEntries(ended),
    kills: kills.sum(),
    stdoutBytes: bytes.sum({ channel: 'stdout' }),
    stderrBytes: bytes.sum({ channel: 'stderr' }),
    running: gauges.running(),
    queued: gauges.queued(),
  };
}
