import net from 'node:net';
import tls from 'node:tls';
import type { Endpoint, SshEndpoint } from './endpoint.ts';

/** A reusable read buffer and what to do with each read; false pauses the socket until `resume()`. */
export interface ReadInto {
  readonly buffer: Uint8Array;
  callback(bytes: number, buffer: Uint8Array): boolean;
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
export function dialSocket(endpoint: Exclude<Endpoint, SshEndpoint>, read?: ReadInto): net.Socket {
  switch (endpoint.kind) {
    case 'unix':
    case 'npipe':
      return dialNet({ path: endpoint.path }, read);
    case 'tcp':
      return dialTcp(endpoint, read);
  }
}
