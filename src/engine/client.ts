import http from 'node:http';
import https from 'node:https';
import { inspect } from 'node:util';
import type Docker from 'dockerode';
import { attemptOnce, attemptRead, type CallOptions } from './attempts.ts';
import { failBrokenAnswers } from './broken-answers.ts';
import type { Endpoint } from './endpoint.ts';
import { type EngineAnswer, type EngineRequest, sendRequest } from './request.ts';
import { sshAgent } from './ssh.ts';

/** A control connection to one engine. Byte streams do not go through it, see `http-stream.ts`. */
export interface EngineClient {
  readonly endpoint: Endpoint;
  /**
   * Sends one control call of a run's road and reads its answer, under a deadline; a GET or HEAD again where the connection
   * failed it. Throws AppError: ENGINE_TIMEOUT,
   * ENGINE_UNREACHABLE, ENGINE_ERROR (also for what `read` throws) or what `meanings` says of the status.
   */
  request<T>(options: CallOptions, request: EngineRequest, read: (answer: EngineAnswer) => T | Promise<T>): Promise<T>;
  /**
   * Reads something off a run's road through dockerode, which is loaded for the first such call. `ask` must hand
   * `abortSignal` to it, and may be called again where the connection failed it. Throws as `request` does.
   */
  read<T>(options: CallOptions, ask: (docker: Docker, abortSignal: AbortSignal) => Promise<T>): Promise<T>;
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

function newAgent(endpoint: Endpoint): http.Agent {
  const options = { keepAlive: true, maxFreeSockets: 8 };
  if (endpoint.kind === 'ssh') return sshAgent(endpoint);
  if (endpoint.kind === 'tcp' && endpoint.tls !== undefined) {
    return new https.Agent({ ...options, rejectUnauthorized: endpoint.tls.rejectUnauthorized });
  }
  return new http.Agent(options);
}

/**
 * docker-modem describes every request's options in full for its debug log, even where that is off: with an agent and all
 * its sockets in them that costs more than the request itself (1.4 ms of each on Node 20).
 */
function createAgent(endpoint: Endpoint): http.Agent {
  return Object.assign(newAgent(endpoint), { [inspect.custom]: () => 'Agent' });
}

/** Creates a client; nothing is loaded or connected before its first call. */
export function createEngineClient(endpoint: Endpoint): EngineClient {
  const agent = createAgent(endpoint);
  const stopLooking = failBrokenAnswers(agent);
  let loading: Promise<Docker> | undefined;
  const create = async (): Promise<Docker> => {
    const { default: Dockerode } = await import('dockerode');
    return new Dockerode(connectionOptions(endpoint, agent));
  };
  const load = (): Promise<Docker> => {
    loading ??= create();
    return loading;
  };
  return {
    endpoint,
    request: (options, request, read) => {
      const attempt = request.method === 'POST' ? attemptOnce : attemptRead;
      return attempt(options, async (signal) => read(await sendRequest(endpoint, agent, request, signal)));
    },
    // Loading counts towards the deadline: health has less than a second to spare.
    read: (options, ask) => attemptRead(options, async (signal) => ask(await load(), signal)),
    close: () => {
      stopLooking();
      agent.destroy();
    },
  };
}
