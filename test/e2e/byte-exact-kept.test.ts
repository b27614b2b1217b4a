import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { shownText } from '../../src/display/shown-text.ts';
import type { TestContainer } from '../engine/containers.ts';
import { useEngine } from '../engine/use.ts';
import { CORPUS_NAMES, type CorpusName } from './corpora.ts';
import type { Samples } from './exact-chunks.ts';
import { keptBase64Fault, keptFault } from './exact-kept.ts';
import { expectFigures } from './exact-server.ts';
import { RawClient } from './raw-client.ts';
import { type ExecResult, execReply } from './results.ts';
import { firstDifference, NOTHING, Sample } from './sample.ts';
import { type Pair, pairs, putSamples, samples, writeBoth } from './sample-files.ts';

const engine = useEngine();
const files = samples(8_000_000);
const LARGEST = { MCP_DOCKER_MAX_BYTES: '67108864', MCP_DOCKER_MAX_MESSAGE_BYTES: '10485760' };

/** A message has output twice, so some 5.2 MB of JSON are one copy's share, of which a channel may take half. */
const FITTING_BYTES: Readonly<Partial<Record<CorpusName, number>>> = {
  emoji: 2_400_000,
  cjk: 2_400_000,
  combining: 2_400_000,
};
const fitting = (name: CorpusName): number => FITTING_BYTES[name] ?? 430_000;
/** One beginning of each file, most of which end in the middle of a character. */
const begun = new Map(CORPUS_NAMES.map((name) => [name, new Sample(files[name].raw.subarray(0, fitting(name)))]));
const beginning = (name: CorpusName): Sample => begun.get(name) ?? NOTHING;
const expectedOf = ({ stdout, stderr }: Pair): Samples => ({ stdout: files[stdout], stderr: files[stderr] });

let box: TestContainer;
let client: RawClient;

beforeAll(async () => {
  box = await engine.run();
  client = new RawClient({ DOCKER_HOST: engine.dockerHost, ...LARGEST });
  await Promise.all([client.initialize(), putSamples(engine, box, files)]);
});

afterAll(() => client.close());

async function run(cmd: readonly string[], more: Readonly<Record<string, unknown>> = {}): Promise<ExecResult> {
  const reply = await client.call('docker_exec', { id: box.id, cmd, user: '1000', ...more });
  const result = execReply(reply);
  // Either copy of the output is complete by itself; in the text, what would act on a terminal is shown.
  for (const text of [result.stdout, result.stderr]) {
    expect(reply.text.includes(JSON.parse(`"${shownText(JSON.stringify(text).slice(1, -1))}"`))).toBe(true);
  }
  expect(result).toMatchObject({ outcome: 'exited', exitCode: 0 });
  return result;
}

const raw = (script: string): string[] => ['sh', '-c', `stty raw -echo; ${script}`];

describe('buffered output that fits is exact', () => {
  it.each(pairs(0))('on both channels: $stdout and $stderr', async (pair) => {
    const head = (name: CorpusName): string => `head -c ${fitting(name)} /tmp/${name}`;
    const result = await run(['sh', '-c', `${head(pair.stdout)} & ${head(pair.stderr)} >&2; wait`]);
    const expected = { stdout: beginning(pair.stdout), stderr: beginning(pair.stderr) };
    expectFigures(result, expected);
    expect(result.truncated).toBe(false);
    expect(firstDifference(result.stdout, expected.stdout.text)).toBeUndefined();
    expect(firstDifference(result.stderr, expected.stderr.text)).toBeUndefined();
  });

  it.each(CORPUS_NAMES)('on a raw terminal: %s', async (name) => {
    const result = await run(raw(`head -c ${fitting(name)} /tmp/${name}`), { tty: true });
    expectFigures(result, { stdout: beginning(name), stderr: NOTHING });
    expect(result.truncated).toBe(false);
    expect(firstDifference(result.stdout, beginning(name).text)).toBeUndefined();
  });

  it.each(['binary', 'broken'] as const)('in base64: %s', async (name) => {
    const result = await run(['head', '-c', '3500001', `/tmp/${name}`], { encoding: 'base64' });
    const wanted = files[name].raw.subarray(0, 3_500_001).toString('base64');
    expect(firstDifference(result.stdout, wanted)).toBeUndefined();
    expect(result).toMatchObject({ stdoutBytes: 3_500_001, truncated: false, notices: [] });
  });
});

describe('buffered output that does not fit is an exact head and tail', () => {
  it.each(pairs(1))('on both channels: $stdout and $stderr', async (pair) => {
    const expected = expectedOf(pair);
    const result = await run(writeBoth(pair));
    expectFigures(result, expected);
    expect(result.truncated).toBe(true);
    expect(keptFault(result.stdout, expected.stdout)).toBeUndefined();
    expect(keptFault(result.stderr, expected.stderr)).toBeUndefined();
  });

  it.each(['cjk', 'broken'] as const)('on a raw terminal: %s', async (name) => {
    const result = await run(raw(`cat /tmp/${name}`), { tty: true });
    expectFigures(result, { stdout: files[name], stderr: NOTHING });
    expect(result.truncated).toBe(true);
    expect(keptFault(result.stdout, files[name])).toBeUndefined();
  });

  it.each(pairs(2))('in base64: $stdout and $stderr', async (pair) => {
    const result = await run(writeBoth(pair), { encoding: 'base64' });
    const expected = expectedOf(pair);
    const bytes = { stdoutBytes: expected.stdout.raw.length, stderrBytes: expected.stderr.raw.length };
    expect(result).toMatchObject({ ...bytes, truncated: true });
    expect(keptBase64Fault(result.stdout, expected.stdout)).toBeUndefined();
    expect(keptBase64Fault(result.stderr, expected.stderr)).toBeUndefined();
  });
});
