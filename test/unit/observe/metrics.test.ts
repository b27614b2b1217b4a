import { execFileSync } from 'node:child_process';
import { request } from 'node:http';
import { describe, expect, it } from 'vitest';
import { type MetricsServer, serveMetrics } from '../../../src/observe/metrics/server.ts';
import { createMetrics } from '../../../src/observe/metrics.ts';
import { denied, finished, started } from './events.ts';

function busy() {
  const metrics = createMetrics({ running: () => 3, queued: () => 4 });
  const { outcome: _, stdoutBytes: __, ...failed } = { ...finished(), tool: 'docker_ps' as const };
  const events = [
    started(),
    finished(),
    { ...finished(), outcome: 'timeout' as const, termination: 'killed' as const },
    denied(),
  ];
  const all = [...events, { ...failed, errorCode: 'ENGINE_ERROR' as const }];
  return { metrics, publish: () => all.forEach((event) => void metrics.listener(event)) };
}

function get(
  port: number,
  path: string,
  method = 'GET',
  host = '127.0.0.1',
): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const call = request({ host: '127.0.0.1', port, path, method, headers: { host } }, async (response) => {
      const parts: Buffer[] = [];
      for await (const part of response) parts.push(part);
      resolve({ status: response.statusCode ?? 0, text: Buffer.concat(parts).toString() });
    });
    call.on('error', reject).end();
  });
}

async function withServer(metrics: Parameters<typeof serveMetrics>[1], use: (server: MetricsServer) => Promise<void>) {
  const server = await serveMetrics(0, metrics);
  try {
    await use(server);
  } finally {
    await server.close();
  }
}

describe('snapshot', () => {
  it('sums up the calls so far', () => {
    const { metrics, publish } = busy();
    publish();
    const none = { cancelled: 0, ended: 0, limit: 0, lost: 0, dry_run: 0 };
    const totals = { calls: 4, denied: 1, errors: 1, runs: 2, exited: 1, timeout: 1, kills: 1 };
    expect(metrics.snapshot()).toEqual({ ...totals, ...none, stdoutBytes: 10, stderrBytes: 21, running: 3, queued: 4 });
  });
});

describe('serveMetrics', () => {
  it('gives the same figures as Prometheus text, each time anew', async () => {
    const { metrics, publish } = busy();
    await withServer(metrics, async ({ port }) => {
      publish();
      await get(port, '/metrics');
      const { status, text } = await get(port, '/metrics');
      expect(status).toBe(200);
      expect(text.split('\n')).toEqual(
        expect.arrayContaining([
          'mcp_docker_exec_calls_total{tool="docker_exec",outcome="exited",error=""} 1',
          'mcp_docker_exec_calls_total{tool="docker_exec",outcome="denied",error="POLICY_DENIED"} 1',
          'mcp_docker_exec_calls_total{tool="docker_ps",outcome="error",error="ENGINE_ERROR"} 1',
          'mcp_docker_exec_runs_total{outcome="timeout"} 1',
          'mcp_docker_exec_kills_total{termination="killed"} 1',
          'mcp_docker_exec_output_bytes_total{channel="stderr"} 21',
          'mcp_docker_exec_denied_total{rule="user.root"} 1',
          'mcp_docker_exec_running 3',
          'mcp_docker_exec_queued 4',
          'mcp_docker_exec_call_duration_seconds_bucket{le="0.05",tool="docker_exec"} 2',
          'mcp_docker_exec_call_duration_seconds_count{tool="docker_ps"} 1',
        ]),
      );
    });
  });

  it.each([
    ['/', 'GET', 'localhost', 404],
    ['/metrics', 'POST', 'localhost:1', 405],
    ['/metrics', 'GET', 'evil.example', 403],
  ])('refuses %s %s for %s', async (path, method, host, status) => {
    await withServer(busy().metrics, async ({ port }) => {
      expect((await get(port, path, method, host)).status).toBe(status);
    });
  });

  it('names the variable when the port is taken', async () => {
    await withServer(busy().metrics, async ({ port }) => {
      await expect(serveMetrics(port, busy().metrics)).rejects.toThrow(
        `MCP_DOCKER_METRICS_PORT: expected a free port on 127.0.0.1, got ${port}`,
      );
    });
  });

  it('is not needed for the snapshot: prom-client stays unloaded', () => {
    const script = `
      import { createMetrics } from './src/observe/metrics.ts';
      import './src/observe/metrics/server.ts';
      createMetrics({ running: () => 0, queued: () => 0 }).snapshot();
      const { createRequire } = await import('node:module');
      console.log(Object.keys(createRequire(import.meta.url).cache).filter((path) => path.includes('prom-client')).length);`;
    const out = execFileSync(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script], {
      encoding: 'utf8',
    });
    expect(out.trim()).toBe('0');
  });
});
