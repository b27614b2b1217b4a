import { expect } from 'vitest';
import type { Containers, TestContainer } from '../../engine/containers.ts';
import { sha256, streamed } from '../chunks.ts';
import type { Reply, TestServer } from '../client.ts';
import { readLog } from '../log-reading.ts';
import { type RawClient, type RawOptions, startRaw } from '../raw-client.ts';
import { type ExecResult, execReply, execResult } from '../results.ts';
import { untilSeen } from '../witness.ts';

/** More than any buffer on the way holds. */
const LINES = 600_000;
const CHUNK_BYTES = 65_536;

type Args = Readonly<Record<string, unknown>>;

/** Runs a command over an engine's transport and returns its result. */
export async function exec(server: Pick<TestServer, 'call'>, args: Args): Promise<ExecResult> {
  return execReply(await server.call('docker_exec', args));
}

/** A container whose log has a line on each channel. */
export function logged(run: Containers['run']): Promise<TestContainer> {
  const script = 'trap "exit 0" TERM; echo to stdout; echo to stderr >&2; while :; do sleep 3600 & wait $!; done';
  return run({ cmd: ['sh', '-c', script] });
}

/** The end of stdin reaches the command (`cat` ends by it), output behind it still comes, and exit codes are real. */
export async function expectStdin(server: TestServer, { id }: TestContainer): Promise<void> {
  const cmd = ['sh', '-c', 'cat; echo behind; echo wrong >&2; exit 7'];
  const stdin = 'z'.repeat(300_000);
  const result = await exec(server, { id, cmd, stdin });
  expect(result).toMatchObject({ outcome: 'exited', exitCode: 7, stderr: 'wrong\n', stdoutBytes: stdin.length + 7 });
  expect(result.stdout).toBe(`${stdin}behind\n`);
}

/** Some MB, streamed: every byte, in order. */
export async function expectStream(options: RawOptions, { id }: TestContainer): Promise<void> {
  const client: RawClient = await startRaw(options);
  const cmd = ['seq', '1', String(LINES)];
  const call = client.begin('docker_exec', { id, cmd, stream: true, chunkBytes: CHUNK_BYTES }, { token: 1 });
  const result = execResult.parse((await client.result(call)).structured);
  const expected = Array.from({ length: LINES }, (_, line) => `${line + 1}\n`).join('');
  const { text } = streamed(client, 1, call, CHUNK_BYTES);
  expect(result).toMatchObject({ outcome: 'exited', exitCode: 0, stdoutBytes: expected.length });
  expect(sha256(text('stdout'))).toBe(sha256(expected));
}

/** The log's end, and a follow that goes on behind it. */
export async function expectLogs(server: TestServer, { id }: TestContainer): Promise<void> {
  const texts = { stdout: 'to stdout\n', stderr: 'to stderr\n', lines: 2 };
  expect(readLog(await server.call('docker_logs', { id }))).toMatchObject({ outcome: 'ended', ...texts });
  const followed = await server.call('docker_logs', { id, follow: true, timeoutMs: 400 });
  expect(readLog(followed)).toMatchObject({ outcome: 'limit', ...texts });
}

/** What outlives its time is killed, children that left its session and group too. */
export async function expectKill(server: TestServer, box: TestContainer): Promise<void> {
  const cmd = ['sh', '-c', 'setsid sleep 4711 & echo started; sleep 4711'];
  const result = await exec(server, { id: box.id, cmd, timeoutMs: 700 });
  expect(result).toMatchObject({ outcome: 'timeout', termination: 'killed', exitCode: null, stdout: 'started\n' });
  expect((await box.exec(['ps', '-o', 'args'])).stdout.toString()).not.toContain('sleep 4711');
}

/** The only container is in the list, and can be looked at. */
export async function expectListed(server: TestServer, { id, name }: TestContainer): Promise<void> {
  const { structured } = await server.call('docker_ps');
  const row = { id, name, state: 'running', labels: expect.anything() };
  expect(structured).toMatchObject({ total: 1, containers: [row] });
  const inspected = await server.call('docker_inspect', { kind: 'container', id: name });
  expect(inspected.structured).toMatchObject({ id, object: { State: { Running: true } } });
}

/** Where the machine has nothing to spare, an engine may need longer than health waits for it. */
export async function expectHealthy(server: TestServer, endpoint: string): Promise<void> {
  const isHealthy = ({ structured }: Reply): boolean => structured['status'] === 'healthy';
  const { structured } = await untilSeen(() => server.call('health'), isHealthy);
  expect(structured).toMatchObject({
    status: 'healthy',
    engine: { reachable: true, endpoint, apiVersion: expect.stringMatching(/^1\.\d\d$/) },
  });
}

/** The one error of a call that cannot reach its engine: what it says must name the cause. */
export async function expectUnreachable(server: TestServer, message: RegExp, hint: RegExp): Promise<void> {
  for (const [tool, args] of [
    ['docker_ps', {}],
    ['docker_exec', { id: 'any', cmd: ['true'] }],
  ] as const) {
    const { isError, structured } = await server.call(tool, args);
    expect(isError).toBe(true);
    expect(structured['error']).toMatchObject({
      code: 'ENGINE_UNREACHABLE',
      message: expect.stringMatching(message),
      hint: expect.stringMatching(hint),
    });
  }
}
