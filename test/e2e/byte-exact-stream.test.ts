import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { keep } from '../contract/oracle.ts';
import type { TestContainer } from '../engine/containers.ts';
import { useEngine } from '../engine/use.ts';
import { CORPUS_NAMES } from './corpora.ts';
import type { Samples } from './exact-chunks.ts';
import { keptBase64Fault } from './exact-kept.ts';
import { ExactServer, expectFigures } from './exact-server.ts';
import { type ExecResult, execResult } from './results.ts';
import { firstDifference, NOTHING, Sample } from './sample.ts';
import { pairs, putSamples, samples, writeBoth } from './sample-files.ts';

/** Little enough that six bytes of JSON for each, twice, are no more than a message may have. */
const KEPT_BYTES = 262_144;
const CHUNK_BYTES = [256, 4096, 16_384];
/** Every sample on one channel or the other, in each size of chunks. */
const BOTH_CHANNELS = CHUNK_BYTES.flatMap((chunkBytes, turn) => pairs(turn).map((pair) => ({ chunkBytes, ...pair })));
const BASE64 = pairs(0).map((pair, index) => ({ chunkBytes: CHUNK_BYTES[index] ?? 257, ...pair }));
const TERMINAL = CORPUS_NAMES.map((name, index) => ({ name, chunkBytes: CHUNK_BYTES[index % 3] ?? 256 }));
const MEGABYTE = 1_000_000;

const engine = useEngine();

describe.each([
  { demuxer: 'native', bytes: 8 * MEGABYTE, MCP_DOCKER_NATIVE: 'require' },
  { demuxer: 'javascript', bytes: 2 * MEGABYTE, MCP_DOCKER_NATIVE: 'off' },
])('output streamed by the $demuxer demuxer', ({ bytes, MCP_DOCKER_NATIVE }) => {
  const files = samples(bytes);
  let box: TestContainer;
  let server: ExactServer;

  beforeAll(async () => {
    const env = { MCP_DOCKER_NATIVE, MCP_DOCKER_MAX_BYTES: String(KEPT_BYTES) };
    [box, server] = await Promise.all([engine.run(), ExactServer.start({ DOCKER_HOST: engine.dockerHost, ...env })]);
    await putSamples(engine, box, files);
  });

  afterAll(async () => {
    await server.client.close();
    await box.remove();
  });

  interface Call {
    readonly cmd: readonly string[];
    readonly expected: Samples;
    readonly chunkBytes: number;
    readonly encoding?: 'utf8' | 'base64';
    readonly tty?: boolean;
  }

  async function stream({ cmd, expected, tty = false, ...how }: Call): Promise<ExecResult> {
    const args = { id: box.id, cmd, tty, user: '1000' };
    const result = execResult.parse(await server.stream({ tool: 'docker_exec', args, ...how }, expected));
    expect(result).toMatchObject({ outcome: 'exited', exitCode: 0, truncated: true });
    return result;
  }

  function expectKept(result: ExecResult, { stdout, stderr }: Samples): void {
    const kept = keep(stdout.raw, stderr.raw, KEPT_BYTES);
    expect(firstDifference(result.stdout, kept.stdout)).toBeUndefined();
    expect(firstDifference(result.stderr, kept.stderr)).toBeUndefined();
  }

  it.each(BOTH_CHANNELS)('is exact in chunks of $chunkBytes: $stdout and $stderr', async ({ chunkBytes, ...pair }) => {
    const expected = { stdout: files[pair.stdout], stderr: files[pair.stderr] };
    const result = await stream({ cmd: writeBoth(pair), expected, chunkBytes });
    expectFigures(result, expected);
    expectKept(result, expected);
  });

  it.each(BASE64)('is its raw bytes in base64 in chunks of $chunkBytes: $stdout and $stderr', async (how) => {
    const { chunkBytes, ...pair } = how;
    const expected = { stdout: files[pair.stdout], stderr: files[pair.stderr] };
    const result = await stream({ cmd: writeBoth(pair), expected, chunkBytes, encoding: 'base64' });
    expect(result).toMatchObject({
      stdoutBytes: expected.stdout.raw.length,
      stderrBytes: expected.stderr.raw.length,
      notices: [expect.stringContaining('middle was left out')],
    });
    expect(keptBase64Fault(result.stdout, expected.stdout)).toBeUndefined();
    expect(keptBase64Fault(result.stderr, expected.stderr)).toBeUndefined();
  });

  it.each(TERMINAL)('is exact on a raw terminal in chunks of $chunkBytes: $name', async ({ name, chunkBytes }) => {
    const expected = { stdout: files[name], stderr: NOTHING };
    const cmd = ['sh', '-c', `stty raw -echo; cat /tmp/${name}`];
    const result = await stream({ cmd, expected, chunkBytes, tty: true });
    expectFigures(result, expected);
    expectKept(result, expected);
  });

  it('is what a terminal makes of it, whose line ends are CR LF', async () => {
    const written = Buffer.from(files.lineEnds.raw.toString('latin1').replaceAll('\n', '\r\n'), 'latin1');
    const expected = { stdout: new Sample(written), stderr: NOTHING };
    const result = await stream({ cmd: ['cat', '/tmp/lineEnds'], expected, chunkBytes: 4096, tty: true });
    expectFigures(result, expected);
    expectKept(result, expected);
  });
});
