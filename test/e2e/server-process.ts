import { fileURLToPath } from 'node:url';

/** The built server, as a client's configuration would name it. */
export const SERVER = fileURLToPath(new URL('../../dist/src/main.js', import.meta.url));

/** What a client's configuration starts. */
export interface Installation {
  /** The server's main.js. */
  readonly program: string;
  readonly node: string;
}

/** The built server, run by the Node that runs the tests. */
export const BUILT: Installation = { program: SERVER, node: process.execPath };

export type ServerEnvironment = Readonly<Record<string, string>>;

/**
 * What a test's server is started with: nothing of the tests' own environment but what a program needs, no rate limits
 * (they have tests of their own), and what the test says.
 */
export function serverEnvironment(env: ServerEnvironment): Record<string, string> {
  const { PATH = '', HOME = '' } = process.env;
  return { PATH, HOME, MCP_DOCKER_RATE_LIMITS: 'false', ...env };
}

/** Collects a stream of text as lines; the unfinished last one is not among them. */
export class Lines {
  /** Every line so far; none of those that are not to be kept. */
  readonly all: string[] = [];
  readonly #onLine: (line: string) => void;
  readonly #keep: boolean;
  #rest: Buffer[] = [];

  constructor(onLine: (line: string) => void = () => undefined, keep = true) {
    this.#onLine = onLine;
    this.#keep = keep;
  }

  push(chunk: Buffer): void {
    let start = 0;
    for (let end = chunk.indexOf(0x0a); end >= 0; end = chunk.indexOf(0x0a, start)) {
      const line = Buffer.concat([...this.#rest.splice(0), chunk.subarray(start, end)]).toString('utf8');
      if (this.#keep) this.all.push(line);
      this.#onLine(line);
      start = end + 1;
    }
    if (start < chunk.length) this.#rest.push(chunk.subarray(start));
  }

  /** Bytes after the last newline: none, once a server has ended as it should. */
  get unfinished(): number {
    return this.#rest.reduce((sum, part) => sum + part.length, 0);
  }
}
