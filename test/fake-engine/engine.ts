import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Answer } from './answers.ts';
import { Connection, type Planned } from './connection.ts';
import type { Endpoint, FakeContainer, Faults, Script } from './containers.ts';
import type { Request } from './requests.ts';
import { route } from './router.ts';
import { World } from './world.ts';

/**
 * An engine in the test's own process, for what a real one does too rarely to wait for. It answers the calls that the
 * server makes, rightly but where a container's script, or `faults` for calls about no container, says otherwise.
 */
export interface FakeEngine {
  /** `DOCKER_HOST` over a unix socket, and over TCP, which alone knows resets. */
  readonly dockerHost: string;
  readonly tcpHost: string;
  /** Faults of calls about no container, from now on. */
  faults: Faults;
  run(script?: Script): FakeContainer;
  /** The last right answer to each kind of request so far, whether it was sent or a fault in its place. */
  readonly answers: ReadonlyMap<Endpoint, Answer>;
  /** Open connections that wait for no request: answers that a fault stopped, and runs that go on. */
  unfinished(): number;
  /** Closes every connection, as an engine does that goes. */
  disconnect(): void;
  stop(): Promise<void>;
}

export async function startFakeEngine(): Promise<FakeEngine> {
  const folder = await mkdtemp(join(tmpdir(), 'fake-engine-'));
  const path = join(folder, 'docker.sock');
  const world = new World();
  const connections = new Set<Connection>();
  const answers = new Map<Endpoint, Answer>();
  const serve = (socket: net.Socket): void => {
    const connection = new Connection(socket, (request) => plan(request));
    connections.add(connection);
    socket.once('close', () => connections.delete(connection));
  };
  const servers = [net.createServer(serve), net.createServer(serve)] as const;
  servers[0].listen(path);
  servers[1].listen(0, '127.0.0.1');
  await Promise.all(servers.map((server) => once(server, 'listening')));

  const engine: FakeEngine = {
    dockerHost: `unix://${path}`,
    tcpHost: `tcp://127.0.0.1:${portOf(servers[1])}`,
    faults: {},
    answers,
    run: (script = {}) => world.addContainer(script),
    unfinished: () => [...connections].filter((one) => !one.idle).length,
    disconnect: () => {
      for (const connection of connections) connection.close();
    },
    stop: async () => {
      engine.disconnect();
      await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
      await rm(folder, { recursive: true });
    },
  };

  function plan(request: Request): Planned {
    const { endpoint, container, answer, hijackedBy } = route(world, request);
    answers.set(endpoint, answer);
    const fault = (container?.faults ?? engine.faults)[endpoint];
    return { answer, fault, hijackedBy };
  }

  return engine;
}

function portOf(server: net.Server): number {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The server does not listen on TCP.');
  return address.port;
}
