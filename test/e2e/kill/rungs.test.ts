import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import type { TestContainer } from '../../engine/containers.ts';
import { findStaticBusybox } from '../../engine/prerequisites.ts';
import { tar } from '../../engine/tar.ts';
import { useEngine } from '../../engine/use.ts';
import { startServer, type TestServer } from '../client.ts';
import { startRaw } from '../raw-client.ts';
import { type ExecResult, execReply } from '../results.ts';
import type { ServerEnvironment } from '../server-process.ts';
import { countOf, fileIn, untilPool } from '../witness.ts';
import { pidsWith } from './host-witness.ts';

const engine = useEngine();
let box: TestContainer;
let words = 60_000;

beforeAll(async () => {
  box = await engine.run();
});

function mark(): string {
  words += 1;
  return String(words);
}

const start = (graceMs: number, env: ServerEnvironment = {}): Promise<TestServer> =>
  startServer({ env: { DOCKER_HOST: engine.dockerHost, MCP_DOCKER_KILL_GRACE_MS: String(graceMs), ...env } });

function preloaded(file: URL): ServerEnvironment {
  return { NODE_OPTIONS: `--import=${fileURLToPath(file)}` };
}

const ELSEWHERE = preloaded(new URL('elsewhere.mjs', import.meta.url));
const NOT_PERMITTED = preloaded(new URL('not-permitted.mjs', import.meta.url));

async function timedOut(server: TestServer, { id }: TestContainer, cmd: readonly string[]): Promise<ExecResult> {
  const result = execReply(await server.call('docker_exec', { id, cmd, user: '1000', timeoutMs: 500 }));
  expect(result.outcome).toBe('timeout');
  return result;
}

describe('with an engine on another machine', () => {
  it('a container without a shell leaves a run of which nobody knows', async () => {
    const [bare, word] = [await engine.run({ image: 'scratch' }), mark()];
    const { termination, notices } = await timedOut(await start(200, ELSEWHERE), bare, ['/sleep', word]);
    expect([termination, notices.join()]).toEqual(['unknown', expect.stringMatching(/could not be verified/)]);
    expect(pidsWith(bare.id, word)).toHaveLength(1);
  });

  it.each([
    ['a tree', (sleep: string) => `trap '' TERM; setsid ${sleep} & ${sleep}; :`, 'killed', 0],
    [
      'an orphan without a sign',
      (sleep: string) => `(env -i setsid sh -c '${sleep} & :' &); ${sleep}; :`,
      'unknown',
      1,
    ],
    ['a main process without a sign', (sleep: string) => `exec env -i ${sleep}`, 'escaped', 1],
  ] as const)('the script in the container tells alone: %s', async (_name, script, termination, left) => {
    const [own, word] = [await engine.run(), mark()];
    const cmd = ['sh', '-c', script(`sleep ${word}`)];
    expect(await timedOut(await start(200, ELSEWHERE), own, cmd)).toMatchObject({ termination });
    expect(pidsWith(own.id, word)).toHaveLength(left);
  });
});

describe('where this server may not signal the container’s processes', () => {
  const bare = (): Promise<TestContainer> => engine.run({ image: 'scratch' });

  it('the container’s own kill does, without a shell', async () => {
    const [container, word] = [await bare(), mark()];
    const kill = { path: 'bin/kill', kind: 'file', mode: 0o755, content: readFileSync(findStaticBusybox()) } as const;
    const input = tar([{ path: 'bin/', kind: 'directory', mode: 0o755 }, kill]);
    expect(await engine.docker(['cp', '-', `${container.id}:/`], { input })).toMatchObject({ code: 0 });
    const result = await timedOut(await start(200, NOT_PERMITTED), container, ['/sleep', word]);
    expect([result.termination, pidsWith(container.id, word)]).toEqual(['killed', []]);
  });

  it('and there is none, what is alive has escaped', async () => {
    const [container, word] = [await bare(), mark()];
    const result = await timedOut(await start(200, NOT_PERMITTED), container, ['/sleep', word]);
    expect([result.termination, pidsWith(container.id, word).length]).toEqual(['escaped', 1]);
  });
});

it('a child without output has the grace to tidy up as well', async () => {
  const file = `/tmp/tidy-${mark()}`;
  const child = `trap 'usleep 700000; echo done > ${file}; exit' TERM; while :; do usleep 50000; done`;
  const cmd = ['sh', '-c', `sh -c '${child.replaceAll("'", `'\\''`)}' >/dev/null 2>&1 & exec sleep ${mark()}`];
  expect(await timedOut(await start(1_200), box, cmd)).toMatchObject({ termination: 'killed' });
  expect(await fileIn(box, file)).toBe('done\n');
});

it('a cancel at any moment of the start leaves nothing running, without any grace', async () => {
  const client = await startRaw({ env: { DOCKER_HOST: engine.dockerHost, MCP_DOCKER_KILL_GRACE_MS: '0' } });
  const word = mark();
  for (let afterMs = 0; afterMs < 60; afterMs += 4) {
    const id = client.begin('docker_exec', { id: box.id, cmd: ['sleep', word], user: '1000' });
    await delay(afterMs);
    client.cancel(id);
  }
  await untilPool(client, { running: 0, queued: 0 });
  expect(await countOf(box, `sleep ${word}`)).toBe(0);
});
