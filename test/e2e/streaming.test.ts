import { beforeAll, describe, expect, it } from 'vitest';
import type { TestContainer } from '../engine/containers.ts';
import { useEngine } from '../engine/use.ts';
import { auditFile } from './audit-file.ts';
import { sha256, streamed } from './chunks.ts';
import { startServer } from './client.ts';
import { type RawClient, type RawReply, startRaw } from './raw-client.ts';
import { execReply, failure } from './results.ts';
import { untilPool } from './witness.ts';

const engine = useEngine();
let box: TestContainer;

beforeAll(async () => {
  box = await engine.run();
});

const start = (env: Readonly<Record<string, string>> = {}): Promise<RawClient> =>
  startRaw({ env: { DOCKER_HOST: engine.dockerHost, ...env } });

const args = (script: string, more: Readonly<Record<string, unknown>> = {}) => ({
  id: box.name,
  cmd: ['sh', '-c', script],
  user: '1000',
  stream: true,
  ...more,
});

async function stream(client: RawClient, script: string, more: Readonly<Record<string, unknown>> = {}) {
  const token = `t-${Math.random()}`;
  const id = client.begin('docker_exec', args(script, more), { token });
  const result = execReply(await client.result(id));
  const { chunkBytes = 16_384 } = more;
  return { result, ...streamed(client, token, id, Number(chunkBytes)) };
}

const decode = (bytes: Uint8Array): string => new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);

/** Bytes that a sequence of all kinds of trouble is made of, of some 200 kB, put into the container as /tmp/NAME. */
const SAMPLES = {
  ascii: Buffer.from(Array.from({ length: 20_000 }, (_, index) => `line ${index}\n`).join('')),
  emoji: Buffer.from(`x${'😀👩‍👩‍👧‍👦'.repeat(6000)}`),
  cjk: Buffer.from(`ab${'漢字かな交じり文。'.repeat(8000)}`),
  ansi: Buffer.from('\u001b[31mred\u001b[0m\u001b]8;;http://x\u0007link\u001b]8;;\u0007\r\n'.repeat(4000)),
  nul: Buffer.alloc(120_000),
  quotes: Buffer.from('\\"\u2028\u2029\u007f\t\b\f'.repeat(12_000)),
  binary: Buffer.from(Array.from({ length: 200_000 }, (_, index) => (index * index * 31 + (index >> 3)) & 0xff)),
} as const;

describe('streamed chunks', () => {
  beforeAll(async () => {
    for (const [name, bytes] of Object.entries(SAMPLES)) {
      const { code } = await box.exec(['sh', '-c', `cat > /tmp/${name}`], { input: bytes, flags: ['--interactive'] });
      expect(code).toBe(0);
    }
  });

  it.each([256, 4096, 16_384])('of %i bytes are what the command wrote, whatever that is', async (chunkBytes) => {
    const client = await start();
    for (const [name, bytes] of Object.entries(SAMPLES)) {
      const { result, text, bytes: count } = await stream(client, `cat /tmp/${name}`, { chunkBytes });
      expect([name, sha256(text('stdout'))]).toEqual([name, sha256(decode(bytes))]);
      expect(count('stdout')).toBe(bytes.length);
      expect(result.stdout).toBe(decode(bytes));
      expect(result).toMatchObject({ stdoutBytes: bytes.length, exitCode: 0, truncated: false });
    }
  });

  it('keep both channels apart and in order', async () => {
    const script = 'i=0; while [ $i -lt 300 ]; do echo "out $i ü"; echo "err $i ß" >&2; i=$((i+1)); done';
    const { result, text, bytes } = await stream(await start(), script, { chunkBytes: 256 });
    const lines = (word: string, mark: string) =>
      Array.from({ length: 300 }, (_, i) => `${word} ${i} ${mark}\n`).join('');
    expect(text('stdout')).toBe(lines('out', 'ü'));
    expect(text('stderr')).toBe(lines('err', 'ß'));
    expect(result).toMatchObject({ stdoutBytes: bytes('stdout'), stderrBytes: bytes('stderr') });
  });

  it('keep a character whole that the command writes in pieces, with the other channel between them', async () => {
    const script = String.raw`printf '\360\237'; sleep 0.2; printf x >&2; sleep 0.2; printf '\230\200.'`;
    const { text, result } = await stream(await start(), script);
    expect([text('stdout'), text('stderr')]).toEqual(['😀.', 'x']);
    expect(result).toMatchObject({ stdout: '😀.', stderr: 'x', notices: [] });
  });

  it('are all of it where the result keeps only head and tail', async () => {
    const client = await start({ MCP_DOCKER_MAX_BYTES: '1024' });
    const { result, text } = await stream(client, 'cat /tmp/ascii');
    expect(result).toMatchObject({ truncated: true, stdoutBytes: SAMPLES.ascii.length });
    expect(sha256(text('stdout'))).toBe(sha256(SAMPLES.ascii));
  });

  it('are raw bytes in base64, each decodable by itself', async () => {
    const { chunks, result } = await stream(await start(), 'cat /tmp/binary', { encoding: 'base64', chunkBytes: 257 });
    const parts = chunks.map((chunk) => Buffer.from(chunk.text, 'base64'));
    expect(parts.map((part) => part.length)).toEqual(chunks.map((chunk) => chunk.bytes));
    expect(Buffer.concat(parts).equals(SAMPLES.binary)).toBe(true);
    expect(Buffer.from(result.stdout, 'base64').equals(SAMPLES.binary)).toBe(true);
  });

  it('of a tty are one channel', async () => {
    const { text, result } = await stream(await start(), 'echo one; echo two >&2', { tty: true });
    expect([text('stdout'), text('stderr')]).toEqual(['one\r\ntwo\r\n', '']);
    expect(result.stdout).toBe('one\r\ntwo\r\n');
  });

  it('are cut at MCP_DOCKER_CHUNK_BYTES where a call does not say', async () => {
    const client = await start({ MCP_DOCKER_CHUNK_BYTES: '1000' });
    const { chunks } = await stream(client, 'head -c 50000 /dev/zero', { chunkBytes: undefined });
    expect(Math.max(...chunks.map((chunk) => chunk.bytes))).toBe(1000);
  });

  it('may have 1 MiB', async () => {
    const { text } = await stream(await start(), 'head -c 5000000 /dev/zero', { chunkBytes: 1_048_576 });
    expect(text('stdout').length).toBe(5_000_000);
  });

  it('of 30 MB come through exactly', async () => {
    const { text, result } = await stream(
      await start(),
      'yes 0123456789 | head -c 30000000 | tee /dev/stderr | sha256sum',
    );
    expect(text('stdout')).toBe(`${sha256(text('stderr'))}  -\n`);
    expect(result).toMatchObject({ stderrBytes: 30_000_000, truncated: true, exitCode: 0 });
  });
});

describe('a chunk', () => {
  it('comes while the command runs, however small', async () => {
    const client = await start();
    // The command goes on only when told that its first byte has arrived.
    const id = client.begin('docker_exec', args('printf 1; until [ -e /tmp/go ]; do sleep 0.05; done; printf 2'), {
      token: 5,
    });
    await client.until(({ params }) => params?.progressToken === 5 && params.message === '1');
    await box.exec(['touch', '/tmp/go']);
    const result = execReply(await client.result(id));
    await box.exec(['rm', '/tmp/go']);
    expect(result).toMatchObject({ stdout: '12', exitCode: 0 });
    expect(streamed(client, 5, id, 16_384).chunks.map(({ text }) => text)).toEqual(['1', '2']);
  });
});

/** 7168 bytes as JSON. */
const MOST_TOKEN = 7_166;

const traceOf = ({ structured }: RawReply): string => failure.parse(structured).error.traceId;

describe('a progress token', () => {
  it.each([
    ['0', 0],
    ['negative', -7],
    ['a string', 'text'],
    ['empty', ''],
    ['in need of escapes', 'with "quotes" ü\n'],
    ['as long as is allowed', 'x'.repeat(MOST_TOKEN)],
  ])('may be %s', async (_name, token) => {
    const client = await start();
    const id = client.begin('docker_exec', args('echo hello'), { token });
    expect(execReply(await client.result(id))).toMatchObject({ stdout: 'hello\n', notices: [] });
    expect(streamed(client, token, id, 16_384).text('stdout')).toBe('hello\n');
  });

  it.each([MOST_TOKEN + 1, 9_000])(
    'of %i characters is refused as a bad argument, once in the audit',
    async (length) => {
      const audit = auditFile();
      const client = await start(audit.env);
      const reply = await client.call('docker_exec', args('echo hello'), { token: 'x'.repeat(length) });
      expect(reply).toMatchObject({ isError: true, structured: { error: { code: 'INVALID_ARGUMENT' } } });
      expect(reply.text).toContain('progressToken');
      expect(client.messages.filter(({ method }) => method !== undefined)).toEqual([]);
      await client.close();
      expect(await audit.verified()).toMatchObject([{ event: 'denied', tool: 'docker_exec', traceId: traceOf(reply) }]);
    },
  );

  it('that is missing gives the same result, with a notice', async () => {
    const client = await start();
    const result = execReply(await client.call('docker_exec', args('echo hello')));
    expect(result).toMatchObject({ stdout: 'hello\n', notices: [expect.stringMatching(/stream.*progressToken/)] });
    expect(client.messages.filter(({ method }) => method !== undefined)).toEqual([]);
  });

  it('is that of the SDK, whose client sees every chunk before its result', async () => {
    const server = await startServer({ env: { DOCKER_HOST: engine.dockerHost } });
    const seen: string[] = [];
    const onProgress = ({ message = '' }: { message?: string | undefined }) => void seen.push(message);
    const reply = await server.call('docker_exec', args('echo a; sleep 0.2; echo b'), { onProgress });
    expect(seen.join('')).toBe('a\nb\n');
    expect(execReply(reply).stdout).toBe('a\nb\n');
  });
});

/** Longer than a fast command takes, shorter than the server waits. */
const BUSY_MS = 500;

it('a client of the SDK that is busy when the last chunk comes does not lose it', async () => {
  const server = await startServer({ env: { DOCKER_HOST: engine.dockerHost } });
  const seen: string[] = [];
  const onProgress = ({ message = '' }: { message?: string | undefined }) => void seen.push(message);
  const replying = server.call('docker_exec', args('echo hello'), { onProgress });
  // Once the request is on its way, nothing else happens in this process.
  await new Promise((resolve) => setImmediate(resolve));
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, BUSY_MS);
  expect(execReply(await replying).stdout).toBe('hello\n');
  expect(seen).toEqual(['hello\n']);
});

describe('heartbeats', () => {
  it('come every 10 s while nothing else does, streamed, buffered and queued, and add less than 1', async () => {
    const client = await start({ MCP_DOCKER_MAX_CONCURRENT: '2' });
    const streaming = client.begin('docker_exec', args('printf abc; sleep 10.7; printf d'), { token: 'streaming' });
    const buffered = client.begin('docker_exec', args('printf abc; sleep 10.7', { stream: false }), {
      token: 'buffered',
    });
    await untilPool(client, { running: 2, queued: 0 });
    const queued = client.begin('docker_exec', args('echo last'), { token: 'queued' });
    await Promise.all([streaming, buffered, queued].map((id) => client.result(id)));
    const one = streamed(client, 'streaming', streaming, 16_384);
    expect(one.chunks.map(({ progress }) => progress)).toEqual([3, 4]);
    expect(one.heartbeats).toEqual([expect.closeTo(3.5, 0)]);
    expect(one.heartbeats[0]).toBeGreaterThan(3);
    expect(one.heartbeats[0]).toBeLessThan(4);
    for (const [token, id] of [
      ['buffered', buffered],
      ['queued', queued],
    ] as const) {
      const { heartbeats } = streamed(client, token, id, 16_384);
      expect([token, heartbeats.length]).toEqual([token, 1]);
      expect(Math.max(...heartbeats)).toBeLessThan(1);
    }
    expect(streamed(client, 'queued', queued, 16_384).text('stdout')).toBe('last\n');
  });
});
