import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TestContainer } from '../engine/containers.ts';
import { useEngine } from '../engine/use.ts';
import { openServer, type TestServer } from './client.ts';
import { finished, type LogsResult, numbers, readLog } from './log-reading.ts';
import { failure } from './results.ts';

const engine = useEngine();
let server: TestServer;
/** Ten lines on stdout, half a second apart in the middle. */
let ten: TestContainer;
/** One line a channel and turn, slowly enough for the engine to keep their order. */
let both: TestContainer;

beforeAll(async () => {
  server = await openServer({ env: { DOCKER_HOST: engine.dockerHost } });
  [ten, both] = await Promise.all([
    finished(engine, 'seq 5; usleep 500000; seq 6 10'),
    finished(
      engine,
      'for i in 1 2 3; do echo o$i; usleep 30000; echo e$i >&2; usleep 30000; done; printf "no newline"',
    ),
  ]);
});

afterAll(() => server.close());

async function read(container: TestContainer, args: Readonly<Record<string, unknown>> = {}): Promise<LogsResult> {
  const reply = await server.call('docker_logs', { id: container.id, ...args });
  expect(reply).toMatchObject({ isError: false });
  return readLog(reply);
}

async function refusal(args: Readonly<Record<string, unknown>>) {
  const reply = await server.call('docker_logs', { id: ten.name, ...args });
  expect(reply.isError).toBe(true);
  return failure.parse(reply.structured).error;
}

/** The engine's own timestamps of the lines of `ten`. */
async function stamps(): Promise<string[]> {
  const { stdout } = await read(ten, { timestamps: true });
  return stdout.split('\n').flatMap((line) => line.split(' ', 1).filter((stamp) => stamp !== ''));
}

function unixTime(stamp: string): string {
  const fraction = /\.(\d+)Z$/.exec(stamp)?.[1] ?? '0';
  return `${Math.floor(Date.parse(stamp) / 1000)}.${fraction.padEnd(9, '0')}`;
}

describe('a whole log', () => {
  it('is returned by channel, with its facts, in the result and in its text', async () => {
    const reply = await server.call('docker_logs', { id: both.name });
    expect(readLog(reply)).toMatchObject({
      containerId: both.id,
      container: both.name,
      outcome: 'ended',
      stdout: 'o1\no2\no3\nno newline',
      stderr: 'e1\ne2\ne3\n',
      stdoutBytes: 19,
      stderrBytes: 9,
      truncated: false,
      lines: 7,
      notices: [],
    });
    expect(reply.text).toContain('o1\no2\no3\nno newline');
    expect(reply.text).toContain('e1\ne2\ne3\n');
  });

  it('can be of one channel', async () => {
    expect(await read(both, { stderr: false })).toMatchObject({
      stdout: 'o1\no2\no3\nno newline',
      stderr: '',
      lines: 4,
    });
    expect(await read(both, { stdout: false })).toMatchObject({ stdout: '', stderr: 'e1\ne2\ne3\n', lines: 3 });
  });

  it('of a tty is raw and all stdout', async () => {
    const tty = await finished(engine, 'echo a; echo e >&2; echo b', ['--tty']);
    expect(await read(tty)).toMatchObject({ stdout: 'a\r\ne\r\nb\r\n', stderr: '', lines: 3, outcome: 'ended' });
    expect((await read(tty, { grep: '^[ab]' })).stdout).toBe('a\r\nb\r\n');
    expect((await read(tty, { timestamps: true, tail: 1 })).stdout).toMatch(/^\d{4}-\S+Z b\r\n$/);
  });

  it('keeps its head and its tail where it is too long', async () => {
    const small = await openServer({ env: { DOCKER_HOST: engine.dockerHost, MCP_DOCKER_MAX_BYTES: '1024' } });
    try {
      const long = await finished(engine, 'seq 1000 2999');
      const whole = numbers(1000, 2999);
      const result = readLog(await small.call('docker_logs', { id: long.id }));
      const omitted = `[... ${whole.length - 1024} bytes omitted ...]`;
      expect(result.stdout.split('\n').filter((line) => line.startsWith('[...'))).toEqual([omitted]);
      const [head = '', tail = ''] = result.stdout.split(omitted);
      expect(head.trimEnd()).toBe(whole.slice(0, 512).trimEnd());
      expect(tail.trimStart()).toBe(whole.slice(-512).trimStart());
      expect(result).toMatchObject({ truncated: true, stdoutBytes: whole.length, lines: 2000, outcome: 'ended' });
    } finally {
      await small.close();
    }
  });
});

describe('tail', () => {
  it.each([
    ['all', 1],
    ['3', 8],
    [4, 7],
    [0, 11],
    ['0', 11],
    [10, 1],
    [100, 1],
  ])('%j', async (tail, first) => {
    expect(await read(ten, { tail })).toMatchObject({ stdout: numbers(first, 10), lines: 11 - first });
  });

  it('counts both channels together', async () => {
    expect(await read(both, { tail: 3 })).toMatchObject({ stdout: 'o3\nno newline', stderr: 'e3\n' });
  });

  it.each([['abc'], [''], ['-1'], ['1.5'], [' 5'], ['ALL'], ['1e2'], [-1], [1.5], [null], [true], [['5']]])(
    '%j is refused',
    async (tail) => {
      const { code, message } = await refusal({ tail });
      expect(code).toBe('INVALID_ARGUMENT');
      expect(message).toContain('tail');
    },
  );
});

describe('since and until', () => {
  it('are both inclusive, to the nanosecond, as RFC 3339 and as Unix seconds', async () => {
    const all = await stamps();
    const [fourth = '', sixth = ''] = [all[3], all[5]];
    expect((await read(ten, { since: fourth })).stdout).toBe(numbers(4, 10));
    expect((await read(ten, { until: fourth })).stdout).toBe(numbers(1, 4));
    expect((await read(ten, { since: fourth, until: sixth })).stdout).toBe(numbers(4, 6));
    expect((await read(ten, { since: unixTime(fourth), until: unixTime(sixth) })).stdout).toBe(numbers(4, 6));
    expect((await read(ten, { since: fourth.replace('Z', '+00:00') })).stdout).toBe(numbers(4, 10));
  });

  it('take Unix seconds as a number', async () => {
    const [first = '', sixth = ''] = [(await stamps())[0], (await stamps())[5]];
    const between = (Date.parse(first) + Date.parse(sixth)) / 2000;
    expect((await read(ten, { since: between })).stdout).toBe(numbers(6, 10));
    expect((await read(ten, { until: between })).stdout).toBe(numbers(1, 5));
  });

  it('take durations back from now', async () => {
    expect((await read(ten, { since: '1h30m' })).stdout).toBe(numbers(1, 10));
    expect((await read(ten, { since: '1ms' })).stdout).toBe('');
    expect((await read(ten, { until: '1h' })).stdout).toBe('');
    expect((await read(ten, { until: '0s' })).stdout).toBe(numbers(1, 10));
    expect((await read(ten, { since: '1000000h' })).stdout).toBe(numbers(1, 10));
  });

  it.each([
    ['yesterday'],
    ['2026-02-30T00:00:00Z'],
    ['2026-01-01T00:00:00.0000000000Z'],
    ['2026-01-01'],
    ['-5'],
    [-5],
    [''],
    [null],
    [{}],
  ])('%j is refused', async (since) => {
    expect(await refusal({ since })).toMatchObject({
      code: 'INVALID_ARGUMENT',
      message: expect.stringMatching(/since/),
    });
    expect(await refusal({ until: since })).toMatchObject({
      code: 'INVALID_ARGUMENT',
      message: expect.stringMatching(/until/),
    });
  });
});

describe('timestamps', () => {
  it('stand before each line where they are asked for', async () => {
    const { stdout } = await read(ten, { timestamps: true });
    expect(stdout).toMatch(/^(?:\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z \d+\n){10}$/);
  });

  it('stand once before a line longer than the engine keeps together, whose bytes are exact', async () => {
    const long = await finished(engine, 'for i in 1 2; do head -c 40000 /dev/zero | tr "\\0" $i; echo; done; echo end');
    const text = `${'1'.repeat(40_000)}\n${'2'.repeat(40_000)}\nend\n`;
    expect(await read(long)).toMatchObject({ stdout: text, lines: 3 });
    const { stdout, lines } = await read(long, { timestamps: true });
    expect(stdout.replace(/^\d{4}-\S+Z /gm, '')).toBe(text);
    expect(stdout.match(/\d{4}-\d\d-\d\dT/g)).toHaveLength(3);
    expect(lines).toBe(3);
  });
});

describe('grep', () => {
  it.each([
    ['^[45]$', '4\n5\n', 2],
    ['0', '10\n', 1],
    ['(?i)NOTHING', '', 0],
    ['.', numbers(1, 10), 10],
  ])('%s keeps the lines that match', async (grep, stdout, lines) => {
    expect(await read(ten, { grep })).toMatchObject({ stdout, lines });
  });

  it('looks at both channels, and not at timestamps', async () => {
    expect(await read(both, { grep: '2$' })).toMatchObject({ stdout: 'o2\n', stderr: 'e2\n' });
    expect((await read(both, { grep: '^o3', timestamps: true })).stdout).toMatch(/^\S+Z o3\n$/);
  });

  it('looks at long lines whole', async () => {
    const long = await finished(engine, 'head -c 40000 /dev/zero | tr "\\0" x; echo END; echo xEND');
    expect((await read(long, { grep: 'x{900}END$' })).stdout).toBe(`${'x'.repeat(40_000)}END\n`);
  });

  it.each([['('], ['(a)\\1'], ['(?=a)'], ['(?!a)'], ['(?<=a)b'], ['[z-a]'], [''], ['x'.repeat(1001)], [5]])(
    '%.20j is refused: it is not a regular expression of linear time',
    async (grep) => {
      expect(await refusal({ grep })).toMatchObject({
        code: 'INVALID_ARGUMENT',
        message: expect.stringMatching(/grep/),
      });
    },
  );
});

describe('what cannot be read', () => {
  it('is neither channel', async () => {
    expect(await refusal({ stdout: false, stderr: false })).toMatchObject({
      code: 'INVALID_ARGUMENT',
      message: expect.stringMatching(/stdout.*stderr/),
    });
  });

  it('is a log that is not kept', async () => {
    const silent = await engine.run({ flags: ['--log-driver', 'none'] });
    expect(await refusal({ id: silent.id })).toMatchObject({ code: 'LOGS_UNAVAILABLE', retryable: false });
  });

  it('is a container that is not there', async () => {
    expect(await refusal({ id: 'no-such-container' })).toMatchObject({ code: 'CONTAINER_NOT_FOUND' });
  });
});
