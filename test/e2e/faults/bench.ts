import { readdir } from 'node:fs/promises';
import { afterAll, beforeAll, expect } from 'vitest';
import type { Script } from '../../fake-engine/containers.ts';
import { type FakeEngine, startFakeEngine } from '../../fake-engine/engine.ts';
import { openServer, type Reply, type TestServer } from '../client.ts';
import { readLog } from '../log-reading.ts';
import { execReply, failure } from '../results.ts';
import type { ServerEnvironment } from '../server-process.ts';
import { untilSeen } from '../witness.ts';

type Arguments = Readonly<Record<string, unknown>>;

/** A call against a container with faults, and how long it took. */
export interface Ended {
  readonly reply: Reply;
  /** The outcome of the run, or the code of the error. */
  readonly end: string;
  readonly ms: number;
}

/** One server with the fake engine behind it, for a whole file: what one call does to it, the next ones find out. */
export interface Bench {
  readonly engine: FakeEngine;
  readonly server: TestServer;
  exec(script: Script, args?: Arguments): Promise<Ended>;
  logs(script: Script, args?: Arguments): Promise<Ended>;
  call(tool: string, args?: Arguments): Promise<Ended>;
}

/** More than any file has calls at once: nothing waits for a place. */
const PLACES = '64';

/** Starts engine and server before the file's tests; after them, checks that the server took no harm. */
export function useBench(host: 'dockerHost' | 'tcpHost' = 'dockerHost', env: ServerEnvironment = {}): Bench {
  let started: { engine: FakeEngine; server: TestServer; fds: number } | undefined;
  const running = () => {
    if (started === undefined) throw new Error('The engine starts before the first test.');
    return started;
  };
  const bench: Bench = {
    get engine() {
      return running().engine;
    },
    get server() {
      return running().server;
    },
    exec: (script, args = {}) =>
      bench.call('docker_exec', { id: bench.engine.run(script).id, cmd: ['true'], user: '1000:1000', ...args }),
    logs: (script, args = {}) => bench.call('docker_logs', { id: bench.engine.run(script).id, ...args }),
    call: (tool, args = {}) => timed(bench.server.call(tool, args)),
  };

  beforeAll(async () => {
    const engine = await startFakeEngine();
    const settings = { DOCKER_HOST: engine[host], MCP_DOCKER_MAX_CONCURRENT: PLACES, MCP_DOCKER_KILL_GRACE_MS: '100' };
    const server = await openServer({ env: { ...settings, ...env } });
    started = { engine, server, fds: 0 };
    await expectWell(bench);
    started = { engine, server, fds: await quietFds(bench) };
  });

  afterAll(async () => {
    const { engine, server, fds } = running();
    await expectWell(bench);
    await untilSeen(
      async () => engine.unfinished(),
      (unfinished) => unfinished === 0,
    );
    expect(await quietFds(bench)).toBe(fds);
    expect(server.stderr.filter((line) => /"level":"error"|unhandled|uncaught/i.test(line))).toEqual([]);
    await server.close();
    await engine.stop();
  });
  return bench;
}

/** A run and a log, both right, with an engine that is right. */
async function expectWell(bench: Bench): Promise<void> {
  expect(await bench.exec({})).toMatchObject({
    end: 'exited',
    reply: { structured: { stdout: 'hello\n', exitCode: 0 } },
  });
  expect(await bench.logs({})).toMatchObject({ end: 'ended', reply: { structured: { stdout: 'hello\n' } } });
}

/** The server's open files when it has no connection: the engine closes those that are kept for later calls. */
async function quietFds({ engine, server }: Bench): Promise<number> {
  const count = async () => (await readdir(`/proc/${server.pid}/fd`)).length;
  const seen: number[] = [];
  engine.disconnect();
  // Settled: the same in three looks.
  return untilSeen(
    async () => {
      seen.push(await count());
      return seen.at(-1) ?? 0;
    },
    () => seen.length >= 3 && new Set(seen.slice(-3)).size === 1,
  );
}

async function timed(call: Promise<Reply>): Promise<Ended> {
  const begun = performance.now();
  const reply = await call;
  return { reply, end: endOf(reply), ms: performance.now() - begun };
}

/** Checks that a reply is one the contract knows: an exit code if, and only if, the run `exited`. */
function endOf(reply: Reply): string {
  if ('error' in reply.structured) {
    expect(reply.isError).toBe(true);
    return failure.parse(reply.structured).error.code;
  }
  if ('lines' in reply.structured) return readLog(reply).outcome;
  if (!('execId' in reply.structured)) return 'answered';
  const run = execReply(reply);
  expect(run.exitCode !== null).toBe(run.outcome === 'exited');
  expect(run.notices.join(' ')).not.toContain('worker thread');
  return run.outcome;
}

/** Does one thing for each item, at most `width` at a time. */
export async function forEach<T>(items: Iterable<T>, width: number, action: (item: T) => Promise<void>): Promise<void> {
  const rest = [...items].values();
  const lane = async (): Promise<void> => {
    for (const item of rest) await action(item);
  };
  await Promise.all(Array.from({ length: width }, lane));
}
