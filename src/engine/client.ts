import http from 'node:http';
import https from 'node:https';
import type Docker from 'dockerode';
import { dialAgent } from './dial.ts';
import type { Endpoint } from './endpoint.ts';
import { engineTimeout, type StatusMeanings, toEngineError } from './failure.ts';

/** How long any control call to the engine may take (public contract). */
export const CONTROL_DEADLINE_MS = 10_000;

export interface CallOptions {
  /** Continues "The engine did not …": "inspect the container". */
  readonly operation: string;
  readonly meanings?: StatusMeanings;
  readonly deadlineMs?: number;
}

/** A control connection to one engine. Byte streams do not go through it, see `http-stream.ts`. */
export interface EngineClient {
  readonly endpoint: Endpoint;
  /**
   * Runs one control call under a deadline. The callback must hand `abortSignal` to dockerode.
   * Throws AppError: ENGINE_TIMEOUT, ENGINE_UNREACHABLE, ENGINE_ERROR or what `meanings` says of the status.
   */
  call<T>(options: CallOptions, run: (docker: Docker, abortSignal: AbortSignal) => Promise<T>): Promise<T>;
  close(): void;
}

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
      return withoutUndefinedTypes({ ...none, protocol: 'http', host: 'docker.invalid', port: 80 });
  }
}

/** dockerode's types do not allow the explicit undefined that its code needs; see `connectionOptions`. */
function withoutUndefinedTypes(options: object): Docker.DockerOptions {
  return options;
}

function createAgent(endpoint: Endpoint): http.Agent {
  const options = { keepAlive: true, maxFreeSockets: 8 };
  if (endpoint.kind === 'ssh') return dialAgent(endpoint);
  if (endpoint.kind === 'tcp' && endpoint.tls !== undefined) {
    return new https.Agent({ ...options, rejectUnauthorized: endpoint.tls.rejectUnauthorized });
  }
  return new http.Agent(options);
}

/** Creates a client; nothing is loaded or connected before its first call. */
export function createEngineClient(endpoint: Endpoint): EngineClient {
  const agent = createAgent(endpoint);
  let loading: Promise<Docker> | undefined;
  const load = async (): Promise<Docker> => {
    const { default: Dockerode } = await import('dockerode');
    return new Dockerode(connectionOptions(endpoint, agent));
  };
  return {
    endpoint,
    async call(options, run) {
      const deadlineMs = options.deadlineMs ?? CONTROL_DEADLINE_MS;
      loading ??= load();
      const docker = await loading;
      const signal = AbortSignal.timeout(deadlineMs);
      try {
        return await run(docker, signal);
      } catch (error) {
        if (signal.aborted) throw engineTimeout(options.operation, deadlineMs);
        throw toEngineError(error, options.operation, options.meanings);
      }
    },
    close: () => agent.destroy(),
  };
}
