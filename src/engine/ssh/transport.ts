import http from 'node:http';
import type { Dialer, Transport } from '../dialer.ts';
import type { SshEndpoint } from '../endpoint.ts';
import { SshConnections } from './connections.ts';
import type { LoginPlaces } from './login-places.ts';
import type { SshProcess } from './process.ts';
import { SshSocket, type TakeSsh } from './socket.ts';

/** Control calls wait for each other rather than for more logins. */
const CONTROL_CONNECTIONS = 4;

/** An HTTP agent whose connections are such of ssh, kept for the next calls. */
function sshAgent(take: TakeSsh): http.Agent {
  const agent = new http.Agent({
    keepAlive: true,
    maxSockets: CONTROL_CONNECTIONS,
    maxFreeSockets: CONTROL_CONNECTIONS,
  });
  const createConnection = (): SshSocket => {
    const socket = new SshSocket(take);
    // A host that closes a connection nobody uses at the time is no connection to keep.
    return socket.once('end', () => socket.destroy());
  };
  return Object.assign(agent, { createConnection });
}

/** How an engine behind ssh is reached. `places`: the logins that this process may have under way. */
export function sshTransport(endpoint: SshEndpoint, places: LoginPlaces): Transport {
  const connections = new SshConnections(endpoint, places);
  const dialerOf = (take: TakeSsh): Dialer => ({ endpoint, dial: () => new SshSocket(take) });
  return {
    ...dialerOf((signal) => connections.take(signal)),
    agent: sshAgent((signal) => connections.take(signal, 'first')),
    reserve: async (signal) => {
      const taken = connections.take(signal);
      connections.prepare(1);
      const process = await taken;
      let unused: SshProcess | undefined = process;
      // A stream may be asked for again, in another version of the API.
      const takeOnce: TakeSsh = async (signal) => {
        const one = unused ?? connections.take(signal);
        unused = undefined;
        return one;
      };
      const release = (): void => {
        if (unused !== undefined) connections.giveBack(unused);
        unused = undefined;
      };
      return { ...dialerOf(takeOnce), release };
    },
    prepare: (count) => connections.prepare(count),
    underWay: () => connections.underWay(),
    close: () => connections.close(),
  };
}
