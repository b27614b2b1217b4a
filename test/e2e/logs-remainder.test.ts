import { expect, it } from 'vitest';
import { dockerText } from '../engine/cli.ts';
import type { TestContainer } from '../engine/containers.ts';
import { useEngine } from '../engine/use.ts';
import { type Streamed, streamed } from './chunks.ts';
import { type LogsResult, numbers, readLog } from './log-reading.ts';
import { type RawClient, startRaw } from './raw-client.ts';

/**
 * Docker 20.10 ends a follow early when the container ends while the follow still reads what was there at its beginning.
 * Here that is certain: the client stops reading in the middle of it. Later versions read to the end by themselves.
 */
const engine = useEngine();

const LINE = `${'x'.repeat(999)}\n`;
/** More than the server, the sockets and the pipes between hold. */
const BEFORE_LINES = 6000;
const BEFORE = LINE.repeat(BEFORE_LINES);
/** Busybox's `yes` is cheaper than any loop. */
const WRITE_BEFORE = `yes ${LINE.trimEnd()} | head -c ${BEFORE.length}`;

interface Followed {
  readonly result: LogsResult;
  readonly chunks: Streamed;
}

interface Scene {
  /** Shell script for the end of what is there when the follow begins. */
  readonly before?: string;
  /** Shell script for after the follow has begun; by default `seq 5000`. */
  readonly rest?: string;
  readonly flags?: readonly string[];
  readonly args?: Readonly<Record<string, unknown>>;
  /** What comes between the container's end and the client's reading on. */
  readonly meanwhile?: (box: TestContainer) => Promise<void>;
}

async function follow({ before = ':', rest = 'seq 5000', flags = [], args = {}, meanwhile }: Scene): Promise<Followed> {
  const again = 'if [ -e /tmp/go ]; then sleep 0.5; echo again; sleep 3600; fi';
  const written = `${WRITE_BEFORE}; ${before}; touch /tmp/written`;
  const script = `${again}; ${written}; until [ -e /tmp/go ]; do usleep 10000; done; ${rest}`;
  const box = await engine.run({ cmd: ['sh', '-c', script], flags });
  await box.exec(['sh', '-c', 'until [ -e /tmp/written ]; do usleep 10000; done']);
  const client = await startRaw({ env: { DOCKER_HOST: engine.dockerHost } });
  const id = client.begin('docker_logs', { id: box.id, follow: true, ...args }, { token: 't' });
  await firstChunk(client);
  client.stopReading();
  await box.exec(['touch', '/tmp/go']);
  await dockerText(engine.docker, ['wait', box.id]);
  await meanwhile?.(box);
  client.resumeReading();
  const result = readLog(await client.result(id));
  return { result, chunks: streamed(client, 't', id, 16_384) };
}

async function endsFollowsEarly(): Promise<boolean> {
  const version = await dockerText(engine.docker, ['version', '--format', '{{.Server.Version}}']);
  return Number.parseInt(version, 10) < 23;
}

function firstChunk(client: RawClient) {
  return client.until(({ params }) => params?._meta !== undefined);
}

/** Compared without showing megabytes of difference. */
function expectText({ chunks, result }: Followed, channel: 'stdout' | 'stderr', text: string): void {
  expect(chunks.bytes(channel)).toBe(Buffer.byteLength(text));
  expect(chunks.text(channel) === text).toBe(true);
  expect(result[`${channel}Bytes`]).toBe(Buffer.byteLength(text));
}

it.each(['json-file', 'local'])('a follow overtaken by its container is whole (%s)', async (driver) => {
  const rest = 'seq 5000 & seq 5000 >&2; wait; printf end';
  const followed = await follow({ rest, flags: ['--log-driver', driver] });
  expect(followed.result).toMatchObject({ outcome: 'ended', lines: BEFORE_LINES + 10_001 });
  expectText(followed, 'stdout', `${BEFORE}${numbers(1, 5000)}end`);
  expectText(followed, 'stderr', numbers(1, 5000));
});

it('so it is of a tty, up to a last line without its end', async () => {
  const followed = await follow({ rest: 'seq 5000; printf end', flags: ['--tty'] });
  expect(followed.result).toMatchObject({ outcome: 'ended', stderrBytes: 0 });
  expectText(followed, 'stdout', `${BEFORE}${numbers(1, 5000)}end`.replaceAll('\n', '\r\n'));
});

it('so it is where a long line is cut, with timestamps', async () => {
  const long = `head -c 40000 /dev/zero | tr '\\0' y`;
  const rest = `echo late >&2; usleep 50000; ${long}; echo`;
  const args = { timestamps: true, tail: BEFORE_LINES };
  const { result, chunks } = await follow({ before: long, rest, args });
  const text = chunks.text('stdout').replace(/^\d{4}-\S+Z /gm, '');
  const cut = text.indexOf('y');
  expect(text.slice(0, cut) === LINE.repeat(cut / LINE.length)).toBe(true);
  expect(text.slice(cut) === `${'y'.repeat(80_000)}\n`).toBe(true);
  expect(chunks.text('stderr')).toMatch(/^\S+Z late\n$/);
  expect(result).toMatchObject({ outcome: 'ended', notices: [expect.stringContaining('middle')] });
});

it('only matching lines of one channel come of what was left out, at most maxLines', async () => {
  const rest = 'seq 5000 >&2; seq 5000; seq 5000 >&2';
  const args = { grep: '^x|00$', stderr: false, maxLines: BEFORE_LINES + 7 };
  const followed = await follow({ rest, args });
  expect(followed.result).toMatchObject({ outcome: 'limit', lines: BEFORE_LINES + 7, stderrBytes: 0 });
  expectText(followed, 'stdout', `${BEFORE}${[1, 2, 3, 4, 5, 6, 7].map((hundred) => `${hundred}00\n`).join('')}`);
});

it('what a container says after its next start does not belong to it', async () => {
  const followed = await follow({
    meanwhile: async ({ id }) => {
      await dockerText(engine.docker, ['start', id]);
      for (let log = ''; log !== 'again'; ) log = await dockerText(engine.docker, ['logs', '--tail', '1', id]);
    },
  });
  expect(followed.result).toMatchObject({ outcome: 'ended' });
  expectText(followed, 'stdout', `${BEFORE}${numbers(1, 5000)}`);
});

it('is lost with its container', async () => {
  const followed = await follow({ meanwhile: (box) => box.remove() });
  expect(followed.result).toMatchObject({
    outcome: 'lost',
    notices: [expect.stringContaining('lost'), expect.anything()],
  });
  expect(followed.chunks.text('stdout').startsWith(BEFORE)).toBe(true);
});

it('says so where the rest was rotated away, unless the engine skipped that itself', async () => {
  const flags = ['--log-opt', 'max-size=4m', '--log-opt', 'max-file=2'];
  const { result, chunks } = await follow({ flags, rest: `${WRITE_BEFORE}; ${WRITE_BEFORE}; echo end` });
  const missing = (await endsFollowsEarly()) ? [expect.stringMatching(/rotation.*missing/)] : [];
  expect(result).toMatchObject({ outcome: 'ended', notices: [...missing, expect.stringContaining('middle')] });
  expect(chunks.text('stdout')).toMatch(/x{999}\nend\n$/);
  expect(result.stdoutBytes).toBeLessThan(3 * BEFORE.length);
});
