import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dockerText } from '../engine/cli.ts';
import type { TestContainer } from '../engine/containers.ts';
import { useEngine } from '../engine/use.ts';
import type { Samples } from './exact-chunks.ts';
import { keptFault } from './exact-kept.ts';
import { ExactServer, expectFigures } from './exact-server.ts';
import { readLog } from './log-reading.ts';
import { NOTHING, Sample } from './sample.ts';
import { type Pair, pairs, putSamples, samples, writeBoth } from './sample-files.ts';

const engine = useEngine();
/** Some sixty of the pieces in which Docker stores what has no line ends. */
const files = samples(1_000_000);
let server: ExactServer;

beforeAll(async () => {
  server = await ExactServer.start({ DOCKER_HOST: engine.dockerHost });
});

afterAll(() => server.client.close());

/** Says nothing until its samples are there, the last of which is empty. */
function writer(pair: Pair, driver: string): Promise<TestContainer> {
  const [shell = '', flag = '', script = ''] = writeBoth(pair);
  const gated = `until [ -e /tmp/go ]; do usleep 20000; done; ${script}`;
  return engine.run({ cmd: [shell, flag, gated], flags: ['--log-driver', driver] });
}

function go(box: TestContainer, { stdout, stderr }: Pair): Promise<void> {
  return putSamples(engine, box, { [stdout]: files[stdout], [stderr]: files[stderr], go: NOTHING });
}

/** What the Docker client reads of it, to the byte. */
async function logOf({ id }: TestContainer): Promise<Samples> {
  const { code, stdout, stderr } = await engine.docker(['logs', id]);
  expect(code).toBe(0);
  return { stdout: new Sample(stdout), stderr: new Sample(stderr) };
}

function expectWhole(structured: Readonly<Record<string, unknown>>, log: Samples): void {
  const result = readLog({ structured });
  expect(result.outcome).toBe('ended');
  expectFigures(result, log);
  expect(keptFault(result.stdout, log.stdout)).toBeUndefined();
  expect(keptFault(result.stderr, log.stderr)).toBeUndefined();
}

describe.each(['json-file', 'local'])('a log kept by the %s driver', (driver) => {
  it.each(pairs(1))('is exact however it is read: $stdout and $stderr', async (pair) => {
    const box = await writer(pair, driver);
    const call = (chunkBytes: number, more = {}) => ({
      tool: 'docker_logs',
      args: { id: box.id, ...more },
      chunkBytes,
    });
    let log: Samples = { stdout: NOTHING, stderr: NOTHING };
    const followed = await server.streamAhead(call(4096, { follow: true }), async () => {
      await go(box, pair);
      await dockerText(engine.docker, ['wait', box.id]);
      log = await logOf(box);
      return log;
    });
    expectWhole(followed, log);
    for (const chunkBytes of [256, 16_384]) expectWhole(await server.stream(call(chunkBytes), log), log);
    expectWhole((await server.client.call('docker_logs', { id: box.id })).structured, log);
    await box.remove();
  });
});

describe('what a command writes', () => {
  it('is in a log of the local driver to the byte, whatever it is', async () => {
    const pair: Pair = { stdout: 'broken', stderr: 'binary' };
    const box = await writer(pair, 'local');
    await go(box, pair);
    await dockerText(engine.docker, ['wait', box.id]);
    const written = { stdout: files.broken, stderr: files.binary };
    const call = { tool: 'docker_logs', args: { id: box.id }, chunkBytes: 4096 };
    expectWhole(await server.stream(call, written), written);
  });
});
