import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Readable, Writable } from 'node:stream';
import { z } from 'zod';
import { serverEnvironment } from '../../test/e2e/server-process.ts';
import { AnswerFinder } from './answer-finder.ts';
import { cpuSecondsOf } from './cpu.ts';
import { PRODUCT, type Program } from './programs.ts';
import type { Transfer } from './transfer.ts';

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
}

export type OnRead = (read: Buffer) => void;

interface Pending {
  resolve(answer: Answer): void;
  reject(error: Error): void;
  readonly begun: number;
}

/** A server over stdio behind a client that does as little as possible: nothing but answers is parsed. */
export class McpServerProcess {
  readonly #child: ChildProcessByStdio<Writable, Readable, null>;
  readonly #finder = new AnswerFinder();
  readonly #pending = new Map<number, Pending>();
  #onRead: OnRead = () => undefined;
  #stdoutBytes = 0;
  #lastId = 0;

  private constructor(dockerHost: string, { args, env }: Program) {
    this.#child = spawn(process.execPath, args, {
      env: serverEnvironment({ DOCKER_HOST: dockerHost, ...env }),
      stdio: ['pipe', 'pipe', 'ignore'],
    });
    this.#child.stdout.on('data', (read: Buffer) => this.#read(read));
    this.#child.once('exit', (code) => this.#rejectAll(new Error(`The server ended with ${code}`)));
    // What a server that ended does not read is told by its end.
    this.#child.stdin.on('error', () => undefined);
  }

  /** Starts a server and waits for its answer to `initialize`. Rate limits are off, all else is the default. */
  static async start(dockerHost: string, program: Program = PRODUCT): Promise<McpServerProcess> {
    const server = new McpServerProcess(dockerHost, program);
    await server.request('initialize', INITIALIZE);
    server.#send({ method: 'notifications/initialized' });
    return server;
  }

  get pid(): number {
    if (this.#child.pid === undefined) throw new Error('The server could not be started');
    return this.#child.pid;
  }

  /** Shows every read of stdout from here on. */
  watch(onRead: OnRead): void {
    this.#onRead = onRead;
  }

  /** Stops reading stdout, for good: the process is closed next. */
  stopReading(): void {
    this.#child.stdout.pause();
  }

  signal(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  /** Calls a tool; with `stream: true` a progress token goes with it. @throws Error if the call is refused. */
  async callTool(name: string, args: Readonly<Record<string, unknown>>): Promise<Answer> {
    const progress = args['stream'] === true ? { _meta: { progressToken: this.#lastId + 1 } } : {};
    const reply = await this.request('tools/call', { name, arguments: args, ...progress });
    if (reply.result['isError'] === false) return reply;
    throw new Error(`${name} failed: ${JSON.stringify(reply.result).slice(0, 500)}`);
  }

  request(method: string, params: object): Promise<Answer> {
    const id = ++this.#lastId;
    return new Promise((resolve, reject) => {
      this.#pending.set(id, { resolve, reject, begun: performance.now() });
      this.#send({ id, method, params });
    });
  }

  /** What the whole process, all threads, took for `work`; `bytes` is all that came on stdout for it. */
  async measured(work: () => Promise<unknown>): Promise<Transfer> {
    const [cpuBefore, bytesBefore, begun] = [cpuSecondsOf(this.pid), this.#stdoutBytes, performance.now()];
    await work();
    const seconds = (performance.now() - begun) / 1000;
    return { seconds, cpuSeconds: cpuSecondsOf(this.pid) - cpuBefore, bytes: this.#stdoutBytes - bytesBefore };
  }

  /** What still runs is cancelled. */
  async close(): Promise<void> {
    const exit = once(this.#child, 'exit');
    this.#child.stdin.end();
    await exit;
  }

  #read(read: Buffer): void {
    this.#stdoutBytes += read.length;
    this.#onRead(read);
    for (const line of this.#finder.take(read)) this.#settle(line, performance.now());
  }

  #settle(line: Buffer, now: number): void {
    const { id, result } = answer.parse(JSON.parse(line.toString('utf8')));
    const pending = this.#pending.get(id);
    if (pending === undefined) throw new Error(`An answer came for ${id}, which was not asked`);
    this.#pending.delete(id);
    pending.resolve({ result, seconds: (now - pending.begun) / 1000 });
  }

  #rejectAll(error: Error): void {
    for (const { reject } of this.#pending.values()) reject(error);
    this.#pending.clear();
  }

  #send(message: object): void {
    this.#child.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);
  }
}
