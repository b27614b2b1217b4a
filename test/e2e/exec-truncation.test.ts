import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TestContainer } from '../engine/containers.ts';
import { useEngine } from '../engine/use.ts';
import { openServer, type TestServer } from './client.ts';
import { startRaw } from './raw-client.ts';
import { type ExecResult, execReply } from './results.ts';

const MAX_BYTES = 1024;
const engine = useEngine();
let box: TestContainer;
let server: TestServer;

beforeAll(async () => {
  box = await engine.run();
  server = await openServer({ env: { DOCKER_HOST: engine.dockerHost, MCP_DOCKER_MAX_BYTES: String(MAX_BYTES) } });
});

afterAll(() => server.close());

async function sh(script: string, args: Readonly<Record<string, unknown>> = {}): Promise<ExecResult> {
  const cmd = ['sh', '-c', script];
  return execReply(await server.call('docker_exec', { id: box.name, user: '1000', cmd, ...args }));
}

/** `count` bytes in which every place can be told from its neighbours: 00000 00001 …, without newlines. */
const figures = (count: number): string =>
  Array.from({ length: Math.ceil(count / 6) }, (_, index) => `${String(index).padStart(5, '0')} `)
    .join('')
    .slice(0, count);

const printed = (count: number): string => `seq -w 0 99999 | tr '\\n' ' ' | head -c ${count}`;

const cut = (text: string, head: number, tail: number): string =>
  `${text.slice(0, head)}\n[... ${text.length - head - tail} bytes omitted ...]\n${text.slice(text.length - tail)}`;

describe('buffered output within MCP_DOCKER_MAX_BYTES', () => {
  it('is kept whole to the last byte', async () => {
    const result = await sh(printed(MAX_BYTES));
    expect(result).toMatchObject({ stdout: figures(MAX_BYTES), stdoutBytes: MAX_BYTES, truncated: false, notices: [] });
  });

  it('is kept whole where both channels fit together, however uneven', async () => {
    const result = await sh(`${printed(1000)}; printf 24-bytes-of-stderr-text. >&2`);
    expect(result).toMatchObject({ stdout: figures(1000), stderr: '24-bytes-of-stderr-text.', truncated: false });
  });
});

describe('buffered output beyond it', () => {
  it('keeps the first and the last half around a line of its own that has the exact count', async () => {
    const result = await sh(`${printed(5000)}; exit 7`);
    expect(result.stdout).toBe(cut(figures(5000), 512, 512));
    expect(result).toMatchObject({ stdoutBytes: 5000, truncated: true, exitCode: 7, outcome: 'exited' });
    expect(result.notices).toEqual([expect.stringContaining(String(MAX_BYTES))]);
  });

  it('leaves one byte out where there is one too many', async () => {
    expect((await sh(printed(MAX_BYTES + 1))).stdout).toBe(cut(figures(MAX_BYTES + 1), 512, 512));
  });

  it('gives each channel its half', async () => {
    const result = await sh(`${printed(3000)}; { ${printed(2000)}; } >&2`);
    expect(result.stdout).toBe(cut(figures(3000), 256, 256));
    expect(result.stderr).toBe(cut(figures(2000), 256, 256));
    expect(result).toMatchObject({ stdoutBytes: 3000, stderrBytes: 2000, truncated: true });
  });

  it('leaves what one channel does not need to the other', async () => {
    const result = await sh(`${printed(3000)}; { ${printed(24)}; } >&2`);
    expect(result.stdout).toBe(cut(figures(3000), 500, 500));
    expect(result.stderr).toBe(figures(24));
    const mirrored = await sh(`{ ${printed(3000)}; } >&2; ${printed(24)}`);
    expect(mirrored.stderr).toBe(cut(figures(3000), 500, 500));
    expect(mirrored.stdout).toBe(figures(24));
  });

  it('cuts between characters, and counts the bytes of those it leaves out', async () => {
    // 4 bytes each after one byte of its own: no multiple of anything falls on a half.
    const text = `x${'😀'.repeat(1000)}`;
    const result = await sh(`printf x; yes 😀 | head -n 1000 | tr -d '\\n'`);
    const match = /^x(😀*)\n\[\.\.\. (\d+) bytes omitted \.\.\.\]\n(😀*)$/u.exec(result.stdout);
    const [head = '', count = '', tail = ''] = match?.slice(1) ?? [];
    expect(result).toMatchObject({ stdoutBytes: 4001, notices: [expect.not.stringContaining('FFFD')] });
    expect(Buffer.byteLength(head) + Buffer.byteLength(tail) + 1 + Number(count)).toBe(Buffer.byteLength(text));
    // As much as fits: a whole character more would not.
    expect(512 - 1 - Buffer.byteLength(head)).toBeLessThan(4);
    expect(512 - Buffer.byteLength(tail)).toBeLessThan(4);
  });

  it('has head and tail in base64, each whole', async () => {
    const result = await sh(printed(5000), { encoding: 'base64' });
    const [head = '', marker, tail = ''] = result.stdout.split('\n');
    expect(marker).toBe('[... 3976 bytes omitted ...]');
    expect(Buffer.from(head, 'base64').toString()).toBe(figures(5000).slice(0, 512));
    expect(Buffer.from(tail, 'base64').toString()).toBe(figures(5000).slice(-512));
  });

  it('lets the command run to its end, with the memory of a short one', async () => {
    const result = await sh('head -c 200000000 /dev/zero; printf end; exit 9');
    expect(result).toMatchObject({ exitCode: 9, stdoutBytes: 200_000_003, truncated: true });
    expect(result.stdout.endsWith('end')).toBe(true);
  });
});

describe('MCP_DOCKER_MAX_MESSAGE_BYTES', () => {
  const MAX_MESSAGE = 100_000;
  const env = () => ({ DOCKER_HOST: engine.dockerHost, MCP_DOCKER_MAX_MESSAGE_BYTES: String(MAX_MESSAGE) });

  // A NUL is one byte for the command and six in JSON, and the result carries output twice.
  it.each([
    ['NUL', 'head -c 300000 /dev/zero'],
    ['NUL on both channels', 'head -c 300000 /dev/zero; head -c 300000 /dev/zero >&2'],
    ['quotes', `yes '"' | head -c 300000`],
    ['plain text', 'yes plain | head -c 300000'],
    ['bytes that are not UTF-8', `head -c 300000 /dev/zero | tr '\\0' '\\377'`],
  ])('bounds the whole line whatever the output: %s', async (_name, script) => {
    const client = await startRaw({ env: env() });
    const id = client.begin('docker_exec', { id: box.name, cmd: ['sh', '-c', script], user: '1000' });
    const result = execReply(await client.result(id));
    const line = client.stdoutLines.at(-1) ?? '';
    expect(Buffer.byteLength(line) + 1).toBeLessThanOrEqual(MAX_MESSAGE);
    expect(Buffer.byteLength(line)).toBeGreaterThan(MAX_MESSAGE / 2);
    expect(result).toMatchObject({ truncated: true, stdoutBytes: 300_000, exitCode: 0 });
    expect(result.stdout).toMatch(/\n\[\.\.\. \d+ bytes omitted \.\.\.\]\n/);
    expect(result.notices.join()).toMatch(/left out/);
  });

  it('is not passed with many bytes kept, whatever MCP_DOCKER_MAX_BYTES allows', async () => {
    const client = await startRaw({
      env: { DOCKER_HOST: engine.dockerHost, MCP_DOCKER_MAX_BYTES: '67108864' },
    });
    const id = client.begin('docker_exec', { id: box.name, cmd: ['head', '-c', '30000000', '/dev/zero'] });
    expect(execReply(await client.result(id))).toMatchObject({ truncated: true, stdoutBytes: 30_000_000 });
    expect(Buffer.byteLength(client.stdoutLines.at(-1) ?? '')).toBeLessThan(8_388_608);
  });
});
