import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TOOL_NAMES } from '../../src/observe/events.ts';
import { execReply } from '../e2e/results.ts';
import { countOf, untilSeen } from '../e2e/witness.ts';
import type { TestContainer } from '../engine/containers.ts';
import { useEngine } from '../engine/use.ts';
import { aiSdk } from './ai-sdk.ts';
import type { Connection, IndependentClient } from './client.ts';
import { inspector } from './inspector.ts';
import { sdkV1 } from './sdk-v1.ts';
import { sdkV2 } from './sdk-v2.ts';

const CLIENTS: readonly IndependentClient[] = [sdkV1, sdkV2, aiSdk, inspector];

const engine = useEngine();
let box: TestContainer;
let seconds = 71_000;

beforeAll(async () => {
  box = await engine.run();
});

const args = (cmd: readonly string[], more: Readonly<Record<string, unknown>> = {}) => ({
  id: box.name,
  cmd,
  user: '1000:1000',
  ...more,
});

/** Runs for most of a day; no other command line is the same. */
function longCommand(): string[] {
  seconds += 1;
  return ['sleep', String(seconds)];
}

/** One connection for all tests of a `describe`. */
function useConnection({ connect }: IndependentClient): () => Connection {
  let connection: Connection | undefined;
  beforeAll(async () => {
    connection = await connect({ DOCKER_HOST: engine.dockerHost, MCP_DOCKER_KILL_GRACE_MS: '200' });
  });
  afterAll(() => connection?.close());
  return () => {
    if (connection === undefined) throw new Error('There is no connection yet.');
    return connection;
  };
}

/** Of the processes with this command line in the container. */
async function untilCount(cmd: readonly string[], wanted: number): Promise<void> {
  await untilSeen(
    () => countOf(box, cmd.join(' ')),
    (count) => count === wanted,
  );
}

/** Begins a command, and ends the call once it runs. */
async function endCall(connection: Connection, cmd: readonly string[]): Promise<void> {
  const abort = new AbortController();
  const call = connection.call('docker_exec', args(cmd), { signal: abort.signal });
  await untilCount(cmd, 1);
  abort.abort();
  await expect(call).rejects.toThrow();
}

function testStreamed(connection: () => Connection): void {
  it('has output while the command runs, whole and in order', async () => {
    const texts: string[] = [];
    const gate = `/tmp/go-${Math.random()}`;
    // The clients forget who listens once they see the result, and drop what came before it in the same read.
    const script = `echo first; until [ -e ${gate} ]; do usleep 10000; done; echo last; usleep 300000`;
    const call = connection().call('docker_exec', args(['sh', '-c', script], { stream: true }), {
      onMessage: (text) => void texts.push(text),
    });
    await untilSeen(
      async () => texts.join(''),
      (text) => text === 'first\n',
    );
    await box.exec(['touch', gate]);
    const { stdout, notices } = execReply(await call);
    expect([stdout, texts.join(''), notices]).toEqual(['first\nlast\n', 'first\nlast\n', []]);
  });
}

function testNotStreamed(connection: () => Connection): void {
  it('cannot ask for progress: it has all output with the result, and is told', async () => {
    const reply = await connection().call('docker_exec', args(['echo', 'all'], { stream: true }));
    const { stdout, notices } = execReply(reply);
    expect([stdout, notices]).toEqual(['all\n', [expect.stringContaining('no progressToken')]]);
  });
}

function testCancelled(connection: () => Connection): void {
  it('ends a call, and the command in the container with it', async () => {
    const cmd = longCommand();
    await endCall(connection(), cmd);
    await untilCount(cmd, 0);
    expect(execReply(await connection().call('docker_exec', args(['echo', 'on']))).stdout).toBe('on\n');
  });
}

/** The last test of a connection. */
function testClosed(connection: () => Connection): void {
  it('does not tell the server that it ended a call: closing ends the command in the container', async () => {
    const cmd = longCommand();
    await endCall(connection(), cmd);
    await connection().close();
    await untilCount(cmd, 0);
  });
}

describe.each(CLIENTS)('$name', (client) => {
  const connection = useConnection(client);

  it('lists every tool', async () => {
    expect(await connection().list()).toEqual([...TOOL_NAMES]);
  });

  it('runs a command, and has both its channels and its exit code', async () => {
    const reply = await connection().call('docker_exec', args(['sh', '-c', 'echo "ü😀"; echo err >&2; exit 3']));
    expect(execReply(reply)).toMatchObject({ outcome: 'exited', exitCode: 3, stdout: 'ü😀\n', stderr: 'err\n' });
  });

  it('is told what went wrong', async () => {
    const reply = await connection().call('docker_exec', args(['no-such-command']));
    expect(reply).toMatchObject({ isError: true, structured: { error: { code: 'COMMAND_NOT_FOUND' } } });
  });

  (client.progress ? testStreamed : testNotStreamed)(connection);
  (client.cancels ? testCancelled : testClosed)(connection);
});
