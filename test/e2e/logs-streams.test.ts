import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dockerText } from '../engine/cli.ts';
import { useEngine } from '../engine/use.ts';
import { openServer, type TestServer } from './client.ts';
import { finished, type LogsResult, numbers, readLog, talker } from './log-reading.ts';
import { type Message, RawClient, type RequestId } from './raw-client.ts';

const engine = useEngine();
const CHANNELS = ['stdout', 'stderr'] as const;
type Channel = (typeof CHANNELS)[number];
let raw: RawClient;
let server: TestServer;

beforeAll(async () => {
  raw = new RawClient({ DOCKER_HOST: engine.dockerHost });
  server = await openServer({ env: { DOCKER_HOST: engine.dockerHost } });
  await raw.initialize();
});

afterAll(() => Promise.all([raw.close(), server.close()]));

interface Chunk {
  readonly channel: Channel;
  readonly text: string;
}

/** The chunks of one call, after all that the contract says of their numbers was checked. */
function chunksOf(token: string): Chunk[] {
  const params = raw.messages.flatMap((message) => (message.params?.progressToken === token ? [message.params] : []));
  const next = { seq: 0, stdout: 0, stderr: 0, total: 0 };
  return params.flatMap(({ progress, message, _meta }) => {
    if (_meta === undefined) return [];
    const { channel, seq, offset, bytes } = _meta['mcp-docker-exec/chunk'];
    next.total += bytes;
    expect([seq, offset, progress]).toEqual([next.seq, next[channel], next.total]);
    next.seq += 1;
    next[channel] += bytes;
    return [{ channel, text: message }];
  });
}

function joined(chunks: readonly Chunk[], channel: Channel): string {
  return chunks.flatMap((chunk) => (chunk.channel === channel ? [chunk.text] : [])).join('');
}

function chunkWith(token: string, text: string): (message: Message) => boolean {
  return ({ params }) => params?.progressToken === token && params.message.includes(text);
}

async function resultOf(id: RequestId): Promise<LogsResult> {
  return readLog(await raw.result(id));
}

describe('a followed log', () => {
  it('is streamed as it comes until the container ends', async () => {
    const { container, say } = await talker(engine);
    const id = raw.begin('docker_logs', { id: container.id, follow: true }, { token: 'follow' });
    for (const word of ['first', 'second', 'third']) {
      await say(word);
      await raw.until(chunkWith('follow', word));
    }
    await dockerText(engine.docker, ['kill', container.id]);
    const text = 'first\nsecond\nthird\n';
    expect(await resultOf(id)).toMatchObject({ outcome: 'ended', stdout: text, lines: 3, truncated: false });
    expect(joined(chunksOf('follow'), 'stdout')).toBe(text);
  });

  it('begins with what is there already', async () => {
    const { container, say } = await talker(engine);
    await say('before');
    const id = raw.begin('docker_logs', { id: container.id, follow: true, maxLines: 2 }, { token: 'tail' });
    await raw.until(chunkWith('tail', 'before'));
    await say('after');
    expect(await resultOf(id)).toMatchObject({ outcome: 'limit', stdout: 'before\nafter\n', lines: 2 });
  });

  it('ends at timeoutMs with what came until then', async () => {
    const { container, say } = await talker(engine);
    await say('before');
    const reply = await raw.call('docker_logs', { id: container.id, follow: true, timeoutMs: 700 }, { token: 'late' });
    const result = readLog(reply);
    expect(reply.isError).toBe(false);
    expect(result).toMatchObject({ outcome: 'limit', stdout: 'before\n', lines: 1 });
    expect(result.durationMs).toBeGreaterThanOrEqual(700);
    expect(result.durationMs).toBeLessThan(2000);
  });

  it.each([1, 3, 1000])('ends at exactly maxLines (%i)', async (maxLines) => {
    const container = await engine.run({ cmd: ['sh', '-c', 'seq 5000; sleep 3600'] });
    const token = `lines-${maxLines}`;
    const reply = await raw.call('docker_logs', { id: container.id, follow: true, maxLines }, { token });
    expect(readLog(reply)).toMatchObject({ outcome: 'limit', lines: maxLines, stdout: numbers(1, maxLines) });
    expect(joined(chunksOf(token), 'stdout')).toBe(numbers(1, maxLines));
  });

  it('that is cancelled gets no reply, and nothing more is streamed', async () => {
    const { container, say } = await talker(engine);
    const id = raw.begin('docker_logs', { id: container.id, follow: true }, { token: 'cancel' });
    await say('one');
    await raw.until(chunkWith('cancel', 'one'));
    raw.cancel(id);
    await raw.call('health');
    await say('two');
    expect(await server.call('docker_logs', { id: container.id })).toMatchObject({
      structured: { stdout: 'one\ntwo\n' },
    });
    await raw.call('health');
    expect(raw.messages.filter((message) => message.id === id)).toEqual([]);
    expect(joined(chunksOf('cancel'), 'stdout')).toBe('one\n');
  });

  it('without a progress token is returned whole, with a notice', async () => {
    const container = await engine.run({ cmd: ['sh', '-c', 'echo a; sleep 1; echo b'] });
    const result = readLog(await raw.call('docker_logs', { id: container.id, follow: true }));
    expect(result).toMatchObject({
      outcome: 'ended',
      stdout: 'a\nb\n',
      notices: [expect.stringMatching(/progressToken/)],
    });
  });

  it('of a removed container is lost', async () => {
    const { container, say } = await talker(engine);
    const id = raw.begin('docker_logs', { id: container.id, follow: true }, { token: 'removed' });
    await say('last words');
    await raw.until(chunkWith('removed', 'last words'));
    await container.remove();
    const reply = await raw.result(id);
    expect(reply.isError).toBe(true);
    expect(readLog(reply)).toMatchObject({ outcome: 'lost', stdout: 'last words\n', lines: 1 });
  });

  it('keeps only the lines that match', async () => {
    const container = await engine.run({ cmd: ['sh', '-c', 'seq 30; sleep 3600'] });
    const args = { id: container.id, follow: true, grep: '5$', maxLines: 2 };
    expect(await resultOf(raw.begin('docker_logs', args, { token: 'grep' }))).toMatchObject({
      outcome: 'limit',
      stdout: '5\n15\n',
      lines: 2,
    });
  });
});

describe('a large log', () => {
  const LINES = 300_000;
  const FILL = ' plain ä€😀 "quoted" \\back\\ \u001b[31mred\u001b[0m';

  it('is streamed without follow, byte for byte', { timeout: 120_000 }, async () => {
    const script = `seq ${LINES} | sed 's/$/${FILL.replaceAll('\\', '\\\\')}/' & seq ${LINES} >&2; wait`;
    const container = await finished(engine, script);
    const args = { id: container.id, stream: true, chunkBytes: 65_536 };
    const result = await resultOf(raw.begin('docker_logs', args, { token: 'large' }));
    const chunks = chunksOf('large');
    const expected = {
      stdout: numbers(1, LINES).replaceAll('\n', `${FILL}\n`),
      stderr: numbers(1, LINES),
    };
    for (const channel of CHANNELS) {
      expect(sha256(joined(chunks, channel))).toBe(sha256(expected[channel]));
      expect(result[`${channel}Bytes`]).toBe(Buffer.byteLength(expected[channel]));
    }
    expect(result).toMatchObject({ outcome: 'ended', truncated: true, lines: 2 * LINES });
    expect(chunks.every(({ text }) => Buffer.byteLength(text) <= 65_536)).toBe(true);
  });
});

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
