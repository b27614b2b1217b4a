import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Registry } from 'prom-client';
import type { Metrics } from '../metrics.ts';

const HOST = '127.0.0.1';

export interface MetricsServer {
  /** The port it listens on: the one asked for, or a free one for 0. */
  readonly port: number;
  readonly close: () => Promise<void>;
}

/** Serves GET /metrics on 127.0.0.1 alone. Throws an Error that names MCP_DOCKER_METRICS_PORT where the port cannot be had. */
export async function serveMetrics(port: number, metrics: Metrics): Promise<MetricsServer> {
  const { createRegistry } = await import('./registry.ts');
  const registry = createRegistry(metrics);
  const server = createServer((request, response) => void answer(registry, request, response));
  server.unref();
  await listen(server, port);
  server.on('error', () => undefined);
  const address = server.address();
  return {
    port: typeof address === 'object' && address !== null ? address.port : port,
    close: async () => {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

async function listen(server: Server, port: number): Promise<void> {
  try {
    server.listen(port, HOST);
    await once(server, 'listening');
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new Error(`MCP_DOCKER_METRICS_PORT: expected a free port on ${HOST}, got ${port}: ${why}`, { cause: error });
  }
}

async function answer(registry: Registry, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const refusal = refusalOf(request);
  if (refusal !== undefined) return void response.writeHead(refusal).end();
  const text = await registry.metrics();
  response.writeHead(200, { 'content-type': registry.contentType }).end(text);
}

/** A web page can give its own name this address (DNS rebinding); its requests still carry that name. */
function refusalOf({ method, url, headers }: IncomingMessage): number | undefined {
  if (!/^(?:127\.0\.0\.1|localhost)(?::\d+)?$/.test(headers.host ?? '')) return 403;
  if (url !== '/metrics') return 404;
  return method === 'GET' ? undefined : 405;
}
