import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Readable, Writable } from 'node:stream';
import { z } from 'zod';
import { SERVER, serverEnvironment } from '../../test/e2e/server-process.ts';
import { AnswerFinder } from './answer-finder.ts';
import { cpuSecondsOf } from './cpu.ts';

const answer = z.object({ id: z.number(), result: z.record(z.string(), z.unknown()) });

const INITIALIZE = {
  protocolVersion: '2025-06-18',
  capabilities: {},
  clientInfo: { name: 'benchmark', version: '1' },
};

export interface Answer {
  readonly result: Readonly<Record<string, unknown>>;
  /** From the request written to the answer read. */
  readonly seconds: number;
  /** What the server's process took of the processor meanwhile, all threads. */
  readonly cpuSeconds: number;
  /** All that came on stdout for it, notifications and answer. */
  readonly stdoutBytes: number;
}

export type OnRead = (read: Buffer) => void;

/** The built server over stdio behind a client that does as little as possible: one request at a time, nothing is parsed. */
export class McpServerProcess {
  readonly #child: ChildProcessByStdio<Writable, Readable, null>;
  #onRead: OnRead = () => undefined;
  #lastId = 0;

  private constructor(env: Readonly<Record<string, string>>) {
    this.#child = spawn(process.execPath, [SERVER], {
      env: serverEnvironment(env),
      stdio: ['pipe', 'pipe', 'ignore'],
    });
    this.#child.stdout.on('data', (read: Buffer) => this.#onRead(read));
  }

  /** Starts the server and waits for its answer to `initialize`. Rate limits are off, all else is the default. */
  static async start(env: Readonly<Record<string, string>>): Promise<McpServerProcess> {
    const server = new McpServerProcess(env);
    await server.request('initialize', INITIALIZE);
    server.#send({ method: 'notifications/initialized' });
    return server;
  }

  /** Calls a tool; with `watch`, output is streamed and every read of stdout shown to it. @throws Error if it is refused. */
  async callTool(name: string, args: Readonly<Record<string, unknown>>, watch?: OnRead): Promise<Answer> {
    const progress = watch === undefined ? {} : { _meta: { progressToken: 1 } };
    const reply = await this.request('tools/call', { name, arguments: args, ...progress }, watch);
    if (reply.result['isError'] === false) return reply;
    throw new Error(`${name} failed: ${JSON.stringify(reply.result).slice(0, 500)}`);
  }

  async request(method: string, params: object, watch: OnRead = () => undefined): Promise<Answer> {
    const id = ++this.#lastId;
    const finder = new AnswerFinder();
    const cpuBefore = cpuSecondsOf(this.#pid);
    const begun = performance.now();
    let stdoutBytes = 0;
    const line = await new Promise<Buffer>((resolve, reject) => {
      this.#child.once('exit', (code) => reject(new Error(`The server ended with ${code} during ${method}`)));
      this.#onRead = (read) => {
        stdoutBytes += read.length;
        watch(read);
        const found = finder.take(read);
        if (found !== undefined) resolve(found);
      };
      this.#send({ id, method, params });
    });
    const seconds = (performance.now() - begun) / 1000;
    const cpuSeconds = cpuSecondsOf(this.#pid) - cpuBefore;
    this.#child.removeAllListeners('exit');
    return { result: resultOf(line, id), seconds, cpuSeconds, stdoutBytes };
  }

  async close(): Promise<void> {
    const exit = once(this.#child, 'exit');
    this.#child.stdin.end();
    await exit;
  }

  get #pid(): number {
    if (this.#child.pid === undefined) throw new Error('The server could not be started');
    return this.#child.pid;
  }

  #send(message: object): void {
    this.#child.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);
  }
}

function resultOf(line: Buffer, id: number): Answer['result'] {
  const message = answer.parse(JSON.parse(line.toString('utf8')));
  if (message.id !== id) throw new Error(`Request ${id} got the answer of ${message.id}`);
  return message.result;
}
