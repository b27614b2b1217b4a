import { SERVER, type ServerEnvironment, serverEnvironment } from '../e2e/server-process.ts';

/** A tools/call result, as the client hands it on. */
export interface Reply {
  readonly isError: boolean;
  readonly structured: unknown;
}

export interface CallOptions {
  /** Is given the text of each progress notification. */
  readonly onMessage?: (text: string) => void;
  /** Ends the call, as far as the client goes. */
  readonly signal?: AbortSignal;
}

/** A client with a server of its own. */
export interface Connection {
  /** Names of the tools, as listed. */
  list(): Promise<readonly string[]>;
  call(tool: string, args: Readonly<Record<string, unknown>>, options?: CallOptions): Promise<Reply>;
  /** Closes like a client that goes. */
  close(): Promise<void>;
}

/** A client that others wrote, as the tests drive it. */
export interface IndependentClient {
  readonly name: string;
  /** Whether it can ask for progress. */
  readonly progress: boolean;
  /** Whether the server hears of a call that is ended; if not, closing is all that ends a command. */
  readonly cancels: boolean;
  connect(env: ServerEnvironment): Promise<Connection>;
}

export interface ServerCommand {
  readonly command: string;
  readonly args: string[];
  readonly env: Record<string, string>;
}

/** What a client's configuration says about a server over stdio. */
export function serverCommand(env: ServerEnvironment): ServerCommand {
  return { command: process.execPath, args: [SERVER], env: serverEnvironment(env) };
}
