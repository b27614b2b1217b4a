import { once } from 'node:events';
import net from 'node:net';
import { onTestFinished } from 'vitest';

/** Somebody who listens where an engine should. */
export interface Listener {
  /** As DOCKER_HOST. */
  readonly dockerHost: string;
  /** What each connection sent first. */
  readonly received: readonly Buffer[];
}

/** A server that answers whatever it is sent with a line of plain text, or that of the test; it ends with the test. */
export async function listenOn(server: net.Server = net.createServer()): Promise<Listener> {
  const received: Buffer[] = [];
  server.on('connection', (socket: net.Socket) => socket.on('error', () => undefined));
  if (server.constructor === net.Server) {
    server.on('connection', (socket: net.Socket) => {
      socket.once('data', (bytes) => {
        received.push(bytes);
        socket.end('HTTP/1.1 400 Bad Request\r\n\r\n');
      });
    });
  }
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('A TCP server has a port.');
  return { dockerHost: `tcp://127.0.0.1:${address.port}`, received };
}
