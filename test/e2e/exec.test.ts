import { createHash, randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { dockerText } from '../engine/cli.ts';
import type { TestContainer } from '../engine/containers.ts';
import { useEngine } from '../engine/use.ts';
import { openServer, type TestServer } from './client.ts';
import { type ExecResult, execReply } from './results.ts';

const engine = useEngine();
let box: TestContainer;
let server: TestServer;

beforeAll(async () => {
  box = await engine.run();
  server = await openServer({ env: { DOCKER_HOST: engine.dockerHost } });
});

afterAll(() => server.close());

async function exec(args: { readonly cmd: readonly string[]; readonly [name: string]: unknown }): Promise<ExecResult> {
  return execReply(await server.call('docker_exec', { id: box.name, ...args }));
}

const sh = (script: string, args: Readonly<Record<string, unknown>> = {}): Promise<ExecResult> =>
  exec({ cmd: ['sh', '-c', script], ...args });

const sha256 = (text: string | Uint8Array): string => createHash('sha256').update(text).digest('hex');

describe('a result', () => {
  it('has every field, and the figures of what the command wrote', async () => {
    const result = await sh('printf ünï; printf err >&2; exit 3', { user: '1000:1000' });
    expect(result).toEqual({
      execId: expect.any(String),
      traceId: expect.any(String),
      containerId: box.id,
      container: box.name,
      user: '1000:1000',
      outcome: 'exited',
      exitCode: 3,
      termination: 'none',
      stdout: 'ünï',
      stderr: 'err',
      stdoutBytes: 5,
      stderrBytes: 3,
      truncated: false,
      durationMs: expect.any(Number),
      notices: [],
    });
  });

  it('says all of it in its text as well', async () => {
    const reply = await server.call('docker_exec', {
      id: box.name,
      cmd: ['sh', '-c', 'echo "a \\"b\\""; echo c >&2; exit 4'],
    });
    const { notices, stdout, stderr, ...facts } = execReply(reply);
    for (const [name, value] of Object.entries(facts)) expect(reply.text).toContain(`${name}=${value}`);
    for (const text of [...notices, stdout, stderr]) expect(reply.text).toContain(text);
    expect(notices).toHaveLength(1);
    expect([stdout, stderr]).toEqual(['a "b"\n', 'c\n']);
  });

  it.each([0, 1, 3, 125, 126, 127, 130, 255])('has the command’s own exit code %i', async (exitCode) => {
    expect(await sh(`exit ${exitCode}`)).toMatchObject({ outcome: 'exited', exitCode, termination: 'none' });
  });

  it('has the exit code of a command that killed itself, and does not call it lost', async () => {
    expect(await sh('kill -s KILL $$')).toMatchObject({ outcome: 'exited', exitCode: 137, termination: 'none' });
  });

  it('gives every run ids of its own', async () => {
    const [one, two] = await Promise.all([exec({ cmd: ['true'] }), exec({ cmd: ['true'] })]);
    expect(one.execId).not.toBe(two.execId);
    expect(one.traceId).not.toBe(two.traceId);
  });

  it('measures how long the command ran', async () => {
    const { durationMs } = await exec({ cmd: ['sleep', '0.4'] });
    expect(durationMs).toBeGreaterThanOrEqual(400);
  });
});

describe('a child that outlives the command and holds its stdout', () => {
  /** A container of the test's own: on Docker 20.10 such a child delays other execs of its container. */
  async function held(script: string, stream: boolean): Promise<{ result: ExecResult; childLives: boolean }> {
    const own = await engine.run();
    onTestFinished(() => own.remove());
    const args = { id: own.name, cmd: ['sh', '-c', script], user: '1000', stream };
    const result = execReply(await server.call('docker_exec', args, { onProgress: () => undefined }));
    const top = await dockerText(engine.docker, ['top', own.id, '-eo', 'pid,args']);
    return { result, childLives: /sleep 20$/m.test(top) };
  }

  const NOTICE = expect.stringMatching(/left behind kept its output open/);
  /** The contract's 3 s and the command's own time on a busy machine. */
  const WITHIN_MS = 6_000;

  it.each([false, true])('and is silent does not keep the result (stream: %j)', async (stream) => {
    const { result, childLives } = await held('echo hi; (sleep 20; echo late) & exit 3', stream);
    expect(result).toMatchObject({ outcome: 'exited', exitCode: 3, termination: 'none', stdout: 'hi\n' });
    expect([childLives, result.notices]).toEqual([true, [NOTICE]]);
    expect(result.durationMs).toBeLessThan(WITHIN_MS);
  });

  it.each([false, true])('and goes on printing does not keep the result (stream: %j)', async (stream) => {
    const { result } = await held('echo hi; yes & exit 3', stream);
    expect(result).toMatchObject({ outcome: 'exited', exitCode: 3, termination: 'none' });
    expect(result.stdout).toMatch(/^hi$/m);
    expect(result.notices).toEqual(expect.arrayContaining([NOTICE]));
    expect(result.durationMs).toBeLessThan(WITHIN_MS);
  });
});

describe('cmd', () => {
  it('is an argv: no shell touches it', async () => {
    const cmd = ['printf', '[%s]', '$HOME', '*', 'a  b', '', "it's", '"', 'ü\n'];
    expect((await exec({ cmd })).stdout).toBe('[$HOME][*][a  b][][it\'s]["][ü\n]');
  });
});

describe('cmd and env', () => {
  it('may together be as large as the kernel takes', async () => {
    const room = 2_097_152 - 65_536 - 9 * 3 - 'true'.length;
    const large = (bytes: number) => Array.from({ length: 10 }, () => 'a'.repeat(bytes / 10 - 9));
    const env = large(1_000_000).map((value) => `A=${value.slice(2)}`);
    const cmd = ['true', ...large(1_000_000), 'a'.repeat(room - 2_000_000)];
    expect(await exec({ cmd, env })).toMatchObject({ outcome: 'exited', exitCode: 0, stderr: '' });
  });
});

describe('stdin', () => {
  it('reaches the command as UTF-8 and ends', async () => {
    const stdin = 'grüße 😀\n漢字\0end';
    expect(await exec({ cmd: ['cat'], stdin })).toMatchObject({ stdout: stdin, exitCode: 0 });
  });

  it('may be empty, and is then at its end', async () => {
    expect(await exec({ cmd: ['wc', '-c'], stdin: '' })).toMatchObject({ stdout: '0\n', exitCode: 0 });
  });

  it('is at its end where none was given', async () => {
    expect(await exec({ cmd: ['cat'] })).toMatchObject({ stdout: '', outcome: 'exited', exitCode: 0 });
  });

  it('may have 5 MB', async () => {
    const stdin = randomBytes(2_500_000).toString('hex');
    expect((await exec({ cmd: ['sha256sum'], stdin })).stdout).toBe(`${sha256(stdin)}  -\n`);
  });

  it('may be left unread by the command', async () => {
    expect(await sh('exit 5', { stdin: 'x'.repeat(3_000_000) })).toMatchObject({ outcome: 'exited', exitCode: 5 });
  });

  it.each(['line\n', 'unfinished', ''])('ends on a tty too: %j', async (stdin) => {
    const result = await sh('stty -echo; echo ready; cat; echo done', { stdin, tty: true });
    expect(result).toMatchObject({ outcome: 'exited', exitCode: 0 });
    expect(result.stdout).toMatch(/done\r\n$/);
  });
});

describe('user', () => {
  const idLine = async (user?: string): Promise<{ user: string; id: string; notices: readonly string[] }> => {
    const { user: shown, stdout, notices } = await exec({ cmd: ['id'], ...(user === undefined ? {} : { user }) });
    return { user: shown, id: stdout.trim(), notices };
  };

  it('may be a name; it runs with that account’s groups', async () => {
    const { id } = await idLine('app');
    expect(id).toMatch(/^uid=1000\(app\) gid=1000\(app\)/);
    expect(id).toContain('2000(extra)');
    expect(id).not.toMatch(/\b0\(root\)/);
  });

  it('may be a uid', async () => {
    expect((await idLine('1000')).id).toMatch(/^uid=1000\(app\) gid=1000\(app\)/);
  });

  it('may be a uid that no account has: its group is not root’s', async () => {
    const { id } = await idLine('4242');
    expect(id).toMatch(/^uid=4242 gid=(?!0)/);
    expect(id).not.toMatch(/\b0\(root\)/);
  });

  it('may be uid:gid', async () => {
    expect(await idLine('1234:5678')).toMatchObject({
      user: '1234:5678',
      id: 'uid=1234 gid=5678 groups=5678',
      notices: [],
    });
  });

  it('is nobody where nothing was asked and the container’s own is root, with a notice', async () => {
    const { id, user, notices } = await idLine();
    expect(user).toBe('65534:65534');
    expect(id).toMatch(/^uid=65534\(nobody\) gid=65534\(nobody\)/);
    expect(id).not.toMatch(/\b0\(root\)/);
    expect(notices.join()).toMatch(/65534/);
    expect(notices.join()).toMatch(/MCP_DOCKER_DEFAULT_USER|user/);
  });

  it('is the container’s own where that is not root, without a notice', async () => {
    const own = await engine.run({ image: 'app' });
    const result = execReply(await server.call('docker_exec', { id: own.id, cmd: ['id', '-u'] }));
    expect(result).toMatchObject({ stdout: '1000\n', notices: [] });
  });
});

describe('workdir and env', () => {
  it('set where it runs', async () => {
    expect((await exec({ cmd: ['pwd'], workdir: '/home/app' })).stdout).toBe('/home/app\n');
  });

  it('set what it sees, values with = and newlines and empty ones too', async () => {
    const env = ['PLAIN=1', 'PAIR=a=b', 'EMPTY=', 'LINES=x\ny', 'WIDE=ü😀'];
    const { stdout } = await sh('printf "%s|" "$PLAIN" "$PAIR" "$EMPTY" "$LINES" "$WIDE"; env | grep -c ^EMPTY=$', {
      env,
    });
    expect(stdout).toBe('1|a=b||x\ny|ü😀|1\n');
  });
});

describe('tty', () => {
  it('is a terminal with one channel', async () => {
    const result = await sh('test -t 0 && test -t 1 && tty; echo err >&2', { tty: true });
    expect(result.stdout).toMatch(/^\/dev\/pts\/\d+\r\nerr\r\n$/);
    expect(result).toMatchObject({ stderr: '', stderrBytes: 0, stdoutBytes: result.stdout.length });
  });

  it('is none where it was not asked for', async () => {
    expect((await sh('test -t 1 && echo tty || echo none')).stdout).toBe('none\n');
  });
});

describe('encoding', () => {
  it('base64 gives the raw bytes of both channels', async () => {
    const script = 'head -c 100001 /dev/urandom > /tmp/r; sha256sum < /tmp/r >&2; cat /tmp/r; rm /tmp/r';
    const result = await sh(script, { encoding: 'base64' });
    const stdout = Buffer.from(result.stdout, 'base64');
    expect(Buffer.from(result.stderr, 'base64').toString()).toBe(`${sha256(stdout)}  -\n`);
    expect(result).toMatchObject({ stdoutBytes: 100_001, notices: [expect.stringContaining('65534')] });
  });

  it('utf8 replaces what is not UTF-8 as TextDecoder does, and says so', async () => {
    const bytes = Buffer.from([
      0x61, 0xff, 0xc3, 0x28, 0xe2, 0x82, 0xf0, 0x9f, 0x98, 0xed, 0xa0, 0x80, 0xef, 0xbb, 0xbf, 0x62, 0xc3,
    ]);
    const octal = [...bytes].map((byte) => `\\${byte.toString(8).padStart(3, '0')}`).join('');
    const result = await sh(`printf '${octal}'`, { user: '1000' });
    expect(result.stdout).toBe(new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes));
    expect(result.stdoutBytes).toBe(bytes.length);
    expect(result.notices).toEqual([expect.stringMatching(/UTF-8.*U\+FFFD/)]);
  });

  it('utf8 keeps a BOM, NUL and U+FFFD that the command wrote, without a notice', async () => {
    const result = await sh("printf '\\357\\273\\277a\\000\\357\\277\\275'", { user: '1000' });
    expect(result).toMatchObject({ stdout: '\uFEFFa\0\uFFFD', notices: [] });
  });
});
