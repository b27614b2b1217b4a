import { spawn } from 'node:child_process';
import http from 'node:http';
import net from 'node:net';
import { Duplex } from 'node:stream';
import tls from 'node:tls';
import type { Endpoint } from './endpoint.ts';

type SshEndpoint = Extract<Endpoint, { kind: 'ssh' }>;

/** A reusable read buffer and what to do with each read; false pauses the socket until `resume()`. */
export interface ReadInto {
  readonly buffer: Uint8Array;
  callback(bytes: number, buffer: Uint8Array): boolean;
}

function sshArguments(endpoint: SshEndpoint): string[] {
  const options = ['-o', 'ConnectTimeout=30', '-o', 'BatchMode=yes', '-T'];
  const port = endpoint.port === undefined ? [] : ['-p', String(endpoint.port)];
  const user = endpoint.user === undefined ? [] : ['-l', endpoint.user];
  const host = endpoint.path === undefined ? [] : ['--host', `unix://${endpoint.path}`];
  return [...options, ...user, ...port, '--', endpoint.host, 'docker', ...host, 'system', 'dial-stdio'];
}

/** Node's HTTP agent takes what it keeps alive for a socket; a pipe has nothing to do for these. */
function asSocket(duplex: Duplex): Duplex {
  const nothing = (): Duplex => duplex;
  return Object.assign(duplex, {
    setKeepAlive: nothing,
    setNoDelay: nothing,
    setTimeout: nothing,
    ref: nothing,
    unref: nothing,
  });
}

/** OpenSSH as the socket, like the Docker CLI: its own keys, agents, host keys and configuration apply. */
function dialSsh(endpoint: SshEndpoint): Duplex {
  const child = spawn('ssh', sshArguments(endpoint), { stdio: ['pipe', 'pipe', 'ignore'] });
  const duplex = asSocket(Duplex.from({ writable: child.stdin, readable: child.stdout }));
  child.once('error', (error) => duplex.destroy(error));
  duplex.once('close', () => child.kill());
  return duplex;
}

function dialNet(address: { path: string } | { host: string; port: number }, read: ReadInto | undefined): net.Socket {
  return net.connect({ ...address, allowHalfOpen: true, ...(read === undefined ? {} : { onread: read }) });
}

function dialTcp(endpoint: Extract<Endpoint, { kind: 'tcp' }>, read: ReadInto | undefined): net.Socket {
  const { host, port } = endpoint;
  if (endpoint.tls === undefined) return dialNet({ host, port }, read);
  const options = { host, port, allowHalfOpen: true, ...endpoint.tls };
  return tls.connect(options);
}

/**
 * Whether reads can land in one reused buffer. Not over TLS: a decrypted record may bring several reads, which Node delivers
 * although the first one asked for a pause, and they would overwrite what is still waiting.
 */
export function readsIntoBuffer(endpoint: Endpoint): boolean {
  return endpoint.kind !== 'ssh' && (endpoint.kind !== 'tcp' || endpoint.tls === undefined);
}

/** Opens one connection to the engine. Where `readsIntoBuffer`, reads go to `read`; elsewhere they come as 'data' events. */
export function dial(endpoint: Endpoint, read?: ReadInto): Duplex {
  switch (endpoint.kind) {
    case 'unix':
    case 'npipe':
      return dialNet({ path: endpoint.path }, read);
    case 'tcp':
      return dialTcp(endpoint, read);
    case 'ssh':
      return dialSsh(endpoint);
  }
}

/** An HTTP agent whose connections are made by `dial`, for control calls over ssh. */
export function dialAgent(endpoint: SshEndpoint): http.Agent {
  const agent = new http.Agent({ keepAlive: true, maxFreeSockets: 2 });
  return Object.assign(agent, { createConnection: () => dialSsh(endpoint) });
}
