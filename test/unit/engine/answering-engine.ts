import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type RequestListener, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { createEngineClient, type EngineClient } from '../../../src/engine/client.ts';

export interface Stage {
  readonly client: EngineClient;
  readonly server: Server;
  /** Connections made so far. */
  connections(): number;
}

export interface Answering {
  /** Has `answer` take pings too; otherwise they are answered without an API version. */
  readonly pings?: boolean;
}

/** An engine that answers as told, on a socket of its own, and a client of it. */
export async function answeringEngine(answer: RequestListener, { pings = false }: Answering = {}): Promise<Stage> {
  const folder = mkdtempSync(join(tmpdir(), 'engine-'));
  const path = join(folder, 's');
  const server = createServer((request, response) => {
    if (request.url === '/_ping' && !pings) response.end('OK');
    else answer(request, response);
  });
  let connections = 0;
  server.on('connection', () => {
    connections += 1;
  });
  server.listen(path);
  await once(server, 'listening');
  const client = createEngineClient({ kind: 'unix', path, description: path, source: 'DOCKER_HOST' });
  onTestFinished(() => {
    client.close();
    server.close();
    rmSync(folder, { recursive: true });
  });
  return { client, server, connections: () => connections };
}
