import http from 'node:http';
import https from 'node:https';
import type { Endpoint } from './endpoint.ts';
import { EngineAnswerError } from './failure.ts';
import { errorSentence } from './http-answer.ts';

/** More than any answer of a control call: inspect answers have some KB, lists some hundred bytes a container. */
const MAX_BODY_BYTES = 67_108_864;

export interface EngineRequest {
  readonly method: 'GET' | 'HEAD' | 'POST';
  readonly path: string;
  /** False for a path that comes without an API version, in whatever version one speaks. */
  readonly versioned?: false;
  /** Sent as JSON. */
  readonly body?: object;
  /** Of a longer answer only the beginning is read. */
  readonly maxBytes?: number;
}

/** Every engine answers it, and states its API version in the head of the answer. */
export const PING: EngineRequest = { method: 'GET', path: '/_ping', versioned: false, maxBytes: 1_024 };

export interface EngineAnswer {
  readonly headers: http.IncomingHttpHeaders;
  readonly body: Buffer;
}

/** Stands for the engine behind ssh. An agent keeps connections apart by address: dockerode has to be given the same. */
export const SSH_ADDRESS = { host: 'docker.invalid', port: 80 } as const;

/** Where an agent's requests go; ssh and TLS options are the agent's own. */
function addressOf(endpoint: Endpoint): http.RequestOptions {
  switch (endpoint.kind) {
    case 'unix':
    case 'npipe':
      return { socketPath: endpoint.path };
    case 'tcp':
      return { host: endpoint.host, port: endpoint.port, ...endpoint.tls };
    case 'ssh':
      return SSH_ADDRESS;
  }
}

function open(endpoint: Endpoint, agent: http.Agent, request: EngineRequest, signal: AbortSignal): http.ClientRequest {
  const { method, path, body } = request;
  const headers = body === undefined ? {} : { 'Content-Type': 'application/json' };
  const options = { ...addressOf(endpoint), agent, method, path, headers, signal };
  const secure = endpoint.kind === 'tcp' && endpoint.tls !== undefined;
  const opened = secure ? https.request(options) : http.request(options);
  return opened.end(body === undefined ? undefined : JSON.stringify(body));
}

/**
 * Node takes an answer to HEAD that states no length for one that ends with its connection, and closes that: a connection for
 * each look at a file, and over ssh a process. There is no body to wait for, so the connection is as good as new, unless the
 * engine says that it closes it.
 */
function keepConnection(request: http.ClientRequest, { headers, httpVersion }: http.IncomingMessage): void {
  const closes = httpVersion === '1.0' || /\bclose\b/i.test(headers.connection ?? '');
  if (!closes) Reflect.set(request, 'shouldKeepAlive', true);
}

function collect(response: http.IncomingMessage, maxBytes: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const parts: Buffer[] = [];
    let size = 0;
    const finish = (): void => resolve(Buffer.concat(parts, Math.min(size, maxBytes)));
    response.on('data', (part: Buffer) => {
      parts.push(part);
      size += part.length;
      if (size < maxBytes) return;
      finish();
      response.destroy();
    });
    response.once('end', finish);
    response.once('error', reject);
  });
}

async function answerOf(request: EngineRequest, response: http.IncomingMessage): Promise<EngineAnswer> {
  const body = await collect(response, request.maxBytes ?? MAX_BODY_BYTES);
  const { statusCode = 0, headers } = response;
  if (statusCode < 200 || statusCode > 299) throw new EngineAnswerError(statusCode, errorSentence(body));
  return { headers, body };
}

/**
 * One control call of a run's road. Plain HTTP, while everything off that road goes through dockerode: to load dockerode takes a
 * thread 90 ms and 20 MB, and a call through it 1 ms more. Rejects with EngineAnswerError on a status that is not 2xx,
 * with the signal's reason when that aborts first, else with the socket's error.
 */
export function sendRequest(
  endpoint: Endpoint,
  agent: http.Agent,
  request: EngineRequest,
  signal: AbortSignal,
): Promise<EngineAnswer> {
  return new Promise((resolve, reject) => {
    const sent = open(endpoint, agent, request, signal);
    // Node rejects with an error of its own, which has the reason for a cause.
    const fail = (error: unknown): void => reject(signal.aborted ? signal.reason : error);
    sent.once('error', fail);
    sent.once('response', (response) => {
      if (request.method === 'HEAD') keepConnection(sent, response);
      answerOf(request, response).then(resolve, fail);
    });
  });
}
