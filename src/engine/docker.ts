import type http from 'node:http';
import { inspect } from 'node:util';
import type Docker from 'dockerode';
import type { Endpoint } from './endpoint.ts';
import { SSH_ADDRESS } from './request.ts';

/**
 * Every connection option of docker-modem is given explicitly, undefined ones too: what is left out it would read from the
 * environment by rules of its own, which are not the Docker CLI's.
 */
function connectionOptions(endpoint: Endpoint, agent: http.Agent): Docker.DockerOptions {
  const base = { agent, socketPath: undefined, host: undefined, port: undefined, ca: undefined, cert: undefined };
  const none = { ...base, key: undefined, username: undefined, timeout: undefined, pathPrefix: '/' };
  switch (endpoint.kind) {
    case 'unix':
    case 'npipe':
      return withoutUndefinedTypes({ ...none, protocol: 'http', socketPath: endpoint.path });
    case 'tcp':
      return withoutUndefinedTypes({
        ...none,
        protocol: endpoint.tls === undefined ? 'http' : 'https',
        host: endpoint.host,
        port: endpoint.port,
        ca: endpoint.tls?.ca,
        cert: endpoint.tls?.cert,
        key: endpoint.tls?.key,
      });
    case 'ssh':
      return withoutUndefinedTypes({ ...none, protocol: 'http', ...SSH_ADDRESS });
  }
}

/** dockerode's types do not allow the explicit undefined that its code needs; see `connectionOptions`. */
function withoutUndefinedTypes(options: object): Docker.DockerOptions {
  return options;
}

/**
 * docker-modem describes every request's options in full for its debug log, even where that is off: with an agent and all
 * its sockets in them that costs more than the request itself (1.4 ms of each on Node 20).
 */
export function undescribed(agent: http.Agent): http.Agent {
  return Object.assign(agent, { [inspect.custom]: () => 'Agent' });
}

/** Loads dockerode, which takes some 90 ms and 20 MB; `prefix` is that of the API's version. */
export async function loadDocker(endpoint: Endpoint, agent: http.Agent, prefix: string): Promise<Docker> {
  const { default: Dockerode } = await import('dockerode');
  return new Dockerode({ ...connectionOptions(endpoint, agent), version: prefix.slice(1) });
}
