import type http from 'node:http';
import type { Duplex } from 'node:stream';
import type { ReadInto } from './dial.ts';
import type { Endpoint } from './endpoint.ts';
import type { UnreachableError } from './unreachable.ts';

/** Opens connections to one engine. Where `readsIntoBuffer`, reads go to `read`; elsewhere they come as 'data' events. */
export interface Dialer {
  readonly endpoint: Endpoint;
  dial(read?: ReadInto): Duplex;
}

/** What dials a connection that stands, where that is not done at once anyway. */
export interface ReservedDialer extends Dialer {
  /** Gives the connection back unless it was dialled. */
  release(): void;
}

/** How an engine is reached. */
export interface Transport extends Dialer {
  /** Makes and keeps the connections of control calls. */
  readonly agent: http.Agent;
  /**
   * Resolves when a stream can be opened without waiting for a login. Rejects with UnreachableError, or with the signal's reason.
   */
  reserve(signal: AbortSignal): Promise<ReservedDialer>;
  /** Makes connections ready that somebody will want soon, where opening one takes its time. */
  prepare(count: number): void;
  /** What calls wait for before the engine hears of them; undefined where they do not. */
  underWay(): UnreachableError | undefined;
  close(): void;
}
