import { Gauge, Histogram, Counter as PromCounter, Registry } from 'prom-client';
import type { Metrics } from '../metrics.ts';
import type { Counter } from './counter.ts';

const DURATION_SECONDS = [0.01, 0.05, 0.1, 0.5, 1, 5, 30, 120, 600, 3_600];

/** The metrics in a Prometheus registry of their own. Loads prom-client: import it only where a port is set. */
export function createRegistry(metrics: Metrics): Registry {
  const registry = new Registry();
  const { calls, runs, kills, bytes, denied } = metrics.counters;
  exportCounter(registry, 'calls_total', 'Answered tool calls', ['tool', 'outcome', 'error'], calls);
  exportCounter(registry, 'runs_total', 'Ended runs', ['outcome'], runs);
  exportCounter(registry, 'kills_total', 'Runs that were killed, by what the kill did', ['termination'], kills);
  exportCounter(registry, 'output_bytes_total', 'Bytes that commands and logs produced', ['channel'], bytes);
  exportCounter(registry, 'denied_total', 'Refused calls', ['rule'], denied);
  exportGauge(registry, 'running', 'Execs running now', metrics.gauges.running);
  exportGauge(registry, 'queued', 'Calls waiting for a place', metrics.gauges.queued);
  exportDurations(registry, metrics);
  return registry;
}

function exportCounter<Name extends string>(
  registry: Registry,
  name: string,
  help: string,
  labelNames: readonly Name[],
  counter: Counter<Name>,
): void {
  new PromCounter<string>({
    name: `mcp_docker_exec_${name}`,
    help,
    labelNames,
    registers: [registry],
    collect() {
      this.reset();
      for (const { labels, value } of counter.series()) this.inc(labels, value);
    },
  });
}

function exportGauge(registry: Registry, name: string, help: string, read: () => number): void {
  new Gauge({
    name: `mcp_docker_exec_${name}`,
    help,
    registers: [registry],
    collect() {
      this.set(read());
    },
  });
}

function exportDurations(registry: Registry, metrics: Metrics): void {
  const histogram = new Histogram({
    name: 'mcp_docker_exec_call_duration_seconds',
    help: 'Time from a call to its answer',
    labelNames: ['tool'],
    buckets: DURATION_SECONDS,
    registers: [registry],
  });
  metrics.onDuration((tool, seconds) => histogram.observe({ tool }, seconds));
}
