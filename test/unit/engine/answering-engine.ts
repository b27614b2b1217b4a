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

/** An engine that answers as told, on a socket of its own, and a client of it. */
export async function answeringEngine(answer: RequestListener): Promise<Stage> {
  const folder = mkdtempSync(join(tmpdir(), 'engine-'));
  const path = join(folder, 's');
  const server = createServer(answer);
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
