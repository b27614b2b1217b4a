import { beforeAll, expect, it } from 'vitest';
import type { Channel } from '../e2e/chunk-order.ts';
import { sha256 } from '../e2e/chunks.ts';
import { peakMemory } from '../e2e/process-facts.ts';
import { startRaw } from '../e2e/raw-client.ts';
import { type ExecResult, execReply } from '../e2e/results.ts';
import type { TestContainer } from '../engine/containers.ts';
import { useEngine } from '../engine/use.ts';
import { LargeOutput } from './output.ts';
import { MOST_MEMORY, scale, tell } from './scale.ts';
import { StreamHash } from './stream-hash.ts';

const MAX_BYTES = 1_048_576;

const engine = useEngine();
const output = new LargeOutput(scale.outputBytes);
let box: TestContainer;

beforeAll(async () => {
  box = await engine.run();
  await output.install(box);
});

const env = { DOCKER_HOST: engine.dockerHost };
const args = () => ({ id: box.name, cmd: ['sh', '-c', output.script], user: '1000' });
const ended = { outcome: 'exited', exitCode: 0, truncated: true };
const bytes = { stdoutBytes: output.bytes('stdout'), stderrBytes: output.bytes('stderr') };

const patience = { timeout: scale.patienceMs };

it('a large output comes through one stream to the last byte, in bounded memory', patience, async () => {
  const hash = new StreamHash();
  const client = await startRaw({ env, onProgress: (progress) => hash.take(progress) });
  const result = execReply(await client.call('docker_exec', { ...args(), stream: true }, { token: 1 }));
  const peak = peakMemory(client.pid);
  tell('one stream', { bytes: hash.bytes, ms: result.durationMs, peak });
  expect(result).toMatchObject({ ...ended, ...bytes });
  expect(hash.of('stdout')).toEqual(output.of('stdout'));
  expect(hash.of('stderr')).toEqual(output.of('stderr'));
  expectEnds(result);
  expect(peak).toBeLessThan(MOST_MEMORY);
});

it(
  'a large output is counted to the last byte in a buffered run, which keeps its two ends, in bounded memory',
  patience,
  async () => {
    const client = await startRaw({ env });
    const result = execReply(await client.call('docker_exec', args()));
    const peak = peakMemory(client.pid);
    tell('buffered', { bytes: result.stdoutBytes + result.stderrBytes, ms: result.durationMs, peak });
    expect(result).toMatchObject({ ...ended, ...bytes });
    expectEnds(result);
    expect(peak).toBeLessThan(MOST_MEMORY);
  },
);

/** Each channel has a half of what is kept, and of that a half for each end, less what a whole character asks for. */
function expectEnds(result: ExecResult): void {
  for (const channel of ['stdout', 'stderr'] as const) {
    const { head, tail, omitted } = taken(result[channel]);
    expect(omitted).toBe(output.bytes(channel) - head.length - tail.length);
    expect([head, tail].map(sha256)).toEqual(output.ends(channel, head.length, tail.length).map(sha256));
    for (const { length } of [head, tail]) expectWithin(length, MAX_BYTES / 4);
  }
}

function expectWithin(length: number, most: number): void {
  expect(length).toBeLessThanOrEqual(most);
  expect(length).toBeGreaterThan(most - 4);
}

function taken(text: ExecResult[Channel]): { head: Buffer; tail: Buffer; omitted: number } {
  const [head = '', omitted = '', tail = ''] = text.split(/\n\[\.\.\. (\d+) bytes omitted \.\.\.\]\n/);
  return { head: Buffer.from(head), tail: Buffer.from(tail), omitted: Number(omitted) };
}
