import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { useEngine } from '../engine/use.ts';
import { startServer } from './client.ts';
import { startRaw } from './raw-client.ts';

const engine = useEngine();

describe.each([
  ['require', 'native'],
  ['auto', 'native'],
  ['off', 'javascript'],
])('MCP_DOCKER_NATIVE=%s', (mode, demuxer) => {
  const env = { DOCKER_HOST: engine.dockerHost, MCP_DOCKER_NATIVE: mode };

  it(`uses the ${demuxer} demuxer and is healthy`, async () => {
    const server = await startServer({ env });
    expect(await server.call('health')).toMatchObject({ structured: { demuxer, status: 'healthy' } });
  });

  it('streams every byte of both channels, bytes that are not UTF-8 replaced', { timeout: 60_000 }, async () => {
    const raw = await startRaw({ env });
    const container = await engine.run();
    const script = `seq 100000 | sed 's/$/ ä€😀 "q" \u001b[1m/'; printf 'bad \\377\\303 end' >&2; seq 50000 >&2`;
    const args = { id: container.id, cmd: ['sh', '-c', script], stream: true };
    const reply = await raw.call('docker_exec', args, { token: 'n' });
    const expected = {
      stdout: Array.from({ length: 100_000 }, (_, index) => `${index + 1} ä€😀 "q" \u001b[1m\n`).join(''),
      stderr: `bad \ufffd\ufffd end${Array.from({ length: 50_000 }, (_, index) => `${index + 1}\n`).join('')}`,
    };
    const got = { stdout: '', stderr: '' };
    for (const { params } of raw.messages) {
      const chunk = params?._meta?.['mcp-docker-exec/chunk'];
      if (params !== undefined && chunk !== undefined) got[chunk.channel] += params.message;
    }
    expect(sha256(got.stdout)).toBe(sha256(expected.stdout));
    expect(sha256(got.stderr)).toBe(sha256(expected.stderr));
    expect(reply.structured).toMatchObject({
      outcome: 'exited',
      exitCode: 0,
      truncated: true,
      stdoutBytes: Buffer.byteLength(expected.stdout),
      stderrBytes: Buffer.byteLength(expected.stderr) - 4,
      notices: expect.arrayContaining([expect.stringMatching(/UTF-8/)]),
    });
  });
});

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
