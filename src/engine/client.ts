import type Docker from 'dockerode';
import { ApiVersion } from './api-version.ts';
import { attemptOnce, attemptRead, type CallOptions } from './attempts.ts';
import { failBrokenAnswers } from './broken-answers.ts';
import type { Dialer } from './dialer.ts';
import { loadDocker, undescribed } from './docker.ts';
import type { Endpoint } from './endpoint.ts';
import { EngineAnswerError } from './failure.ts';
import type { StreamSink } from './http-answer.ts';
import { type ByteStream, openStream, type StreamRequest } from './http-stream.ts';
import { type EngineAnswer, type EngineRequest, PING, sendRequest } from './request.ts';
import { LoginPlaces } from './ssh/login-places.ts';
import { createTransport } from './transport.ts';

type OpenStream = (request: StreamRequest, sink: StreamSink, signal: AbortSignal) => Promise<ByteStream>;

/** A connection that waits for its stream. */
export interface Reserved {
  readonly stream: OpenStream;
  /** Gives it back unless it was used. */
  release(): void;
}

/** What this server has to do with one engine, in the API version that both speak. */
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
  /** Opens a byte stream on a connection of its own. Rejects as `openStream` does, without a deadline. */
  readonly stream: OpenStream;
  /**
   * A connection for one byte stream, as soon as there is one; where that takes a login, it may be the turn of others first.
   * Throws AppError: ENGINE_UNREACHABLE, ENGINE_TIMEOUT.
   */
  reserve(deadlineMs: number): Promise<Reserved>;
  /** Makes so many connections ready that somebody will want soon, where opening one takes its time. */
  prepare(count: number): void;
  close(): void;
}

type Send = (request: EngineRequest, signal: AbortSignal) => Promise<EngineAnswer>;

function versionIn({ headers }: EngineAnswer): string | undefined {
  const stated = headers['api-version'];
  return typeof stated === 'string' ? stated : undefined;
}

/** Undefined where it states none, or refuses to answer a ping, as some proxies do. */
async function askVersion(send: Send, signal: AbortSignal): Promise<string | undefined> {
  try {
    return versionIn(await send(PING, signal));
  } catch (error) {
    if (error instanceof EngineAnswerError) return undefined;
    throw error;
  }
}

/**
 * Creates a client; nothing is loaded or connected before its first call. `logins` is what the process may have of ssh at a
 * time, for all its clients.
 */
export function createEngineClient(endpoint: Endpoint, logins = new LoginPlaces()): EngineClient {
  const transport = createTransport(endpoint, logins);
  const { underWay } = transport;
  const agent = undescribed(transport.agent);
  const stopLooking = failBrokenAnswers(agent);
  const send: Send = (request, signal) => sendRequest(endpoint, agent, request, signal);
  const version = new ApiVersion((signal) => askVersion(send, signal));
  const call: Send = async (request, signal) => {
    if (request.versioned !== false)
      return version.speak(signal, (prefix) => send({ ...request, path: prefix + request.path }, signal));
    const answer = await send(request, signal);
    version.note(versionIn(answer));
    return answer;
  };
  const streamOver =
    (dialer: Dialer): OpenStream =>
    (request, sink, signal) =>
      version.speak(signal, (prefix) => openStream(dialer, { ...request, path: prefix + request.path }, sink, signal));
  return {
    endpoint,
    request: (options, request, read) => {
      const attempt = request.method === 'POST' ? attemptOnce : attemptRead;
      return attempt({ ...options, underWay }, async (signal) => read(await call(request, signal)));
    },
    // Loading counts towards the deadline: health has less than a second to spare.
    read: (options, ask) =>
      attemptRead({ ...options, underWay }, (signal) =>
        version.speak(signal, async (prefix) => ask(await loadDocker(endpoint, agent, prefix), signal)),
      ),
    stream: streamOver(transport),
    reserve: (deadlineMs) =>
      attemptOnce({ operation: 'take another connection', deadlineMs, underWay }, async (signal) => {
        const reserved = await transport.reserve(signal);
        return { stream: streamOver(reserved), release: reserved.release };
      }),
    prepare: transport.prepare,
    close: () => {
      stopLooking();
      agent.destroy();
      transport.close();
    },
  };
}
