import http from 'node:http';
import https from 'node:https';
import { dialSocket } from './dial.ts';
import type { Dialer, Transport } from './dialer.ts';
import type { Endpoint, SshEndpoint } from './endpoint.ts';
import type { LoginPlaces } from './ssh/login-places.ts';
import { sshTransport } from './ssh/transport.ts';

type SocketEndpoint = Exclude<Endpoint, SshEndpoint>;

function socketAgent(endpoint: SocketEndpoint): http.Agent {
  const options = { keepAlive: true, maxFreeSockets: 8 };
  if (endpoint.kind === 'tcp' && endpoint.tls !== undefined) {
    return new https.Agent({ ...options, rejectUnauthorized: endpoint.tls.rejectUnauthorized });
  }
  return new http.Agent(options);
}

function socketTransport(endpoint: SocketEndpoint): Transport {
  const dialer: Dialer = { endpoint, dial: (read) => dialSocket(endpoint, read) };
  const nothing = (): undefined => undefined;
  return {
    ...dialer,
    agent: socketAgent(endpoint),
    reserve: async () => ({ ...dialer, release: nothing }),
    prepare: nothing,
    underWay: nothing,
    close: nothing,
  };
}

/** Creates a transport; nothing is connected before its first use. */
export function createTransport(endpoint: Endpoint, logins: LoginPlaces): Transport {
  return endpoint.kind === 'ssh' ? sshTransport(endpoint, logins) : socketTransport(endpoint);
}
