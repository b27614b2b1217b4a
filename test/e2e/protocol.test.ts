import { beforeAll, describe, expect, it } from 'vitest';
import type { TestContainer } from '../engine/containers.ts';
import { useEngine } from '../engine/use.ts';
import { startRaw } from './raw-client.ts';
import { execReply } from './results.ts';

const MiB = 1_048_576;
const engine = useEngine();
let box: TestContainer;

beforeAll(async () => {
  box = await engine.run();
});

const start = () => startRaw({ env: { DOCKER_HOST: engine.dockerHost } });
const ping = (id: number | string): string => `${JSON.stringify({ jsonrpc: '2.0', id, method: 'ping' })}\n`;

describe('what is no JSON-RPC', () => {
  it.each([
    ['no JSON', 'garbage {\n', -32_700],
    ['half a message', '{"jsonrpc":"2.0","id":1,\n', -32_700],
    ['no JSON-RPC', '{"hello":"world"}\n', -32_600],
    ['another version', '{"jsonrpc":"1.0","id":1,"method":"ping"}\n', -32_600],
    ['bytes that are not UTF-8', Buffer.from([0xff, 0xfe, 0x0a]), -32_700],
    ['a line of 11 MiB', `"${'x'.repeat(11 * MiB)}"\n`, -32_600],
  ])('is answered with an error, and the server goes on: %s', async (_name, line, code) => {
    const client = await start();
    client.write(line);
    client.write(ping('after'));
    expect(await client.reply('after')).toMatchObject({ result: {} });
    expect(client.messages.filter(({ id }) => id === null)).toMatchObject([{ error: { code } }]);
  });

  it('is answered where the method or the tool is unknown', async () => {
    const client = await start();
    client.send({ id: 1, method: 'no/such' });
    client.send({ id: 2, method: 'tools/call', params: { name: 'no_such_tool', arguments: {} } });
    expect(await client.reply(1)).toMatchObject({ error: { code: -32_601 } });
    expect(await client.reply(2)).toMatchObject({ error: { code: -32_602 } });
  });

  it('is nothing to answer where a line is empty', async () => {
    const client = await start();
    const before = client.messages.length;
    client.write(`\n  \n\r\n${ping(1)}`);
    await client.reply(1);
    expect(client.messages.length - before).toBe(1);
  });
});

describe('lines', () => {
  it('may come many in one write', async () => {
    const client = await start();
    const ids = Array.from({ length: 50 }, (_, index) => index);
    client.write(ids.map(ping).join(''));
    for (const id of ids) expect(await client.reply(id)).toMatchObject({ result: {} });
  });

  it('may come byte by byte, cut inside characters', async () => {
    const client = await start();
    const params = { name: 'docker_exec', arguments: { id: box.name, cmd: ['echo', 'ü😀'], user: '1000' } };
    const line = Buffer.from(`${JSON.stringify({ jsonrpc: '2.0', id: 'slow', method: 'tools/call', params })}\n`);
    for (const byte of line) {
      client.write(Uint8Array.of(byte));
      await new Promise(setImmediate);
    }
    expect(execReply(await client.result('slow')).stdout).toBe('ü😀\n');
  });

  it('may end with CR LF', async () => {
    const client = await start();
    client.write(ping(1).replace('\n', '\r\n'));
    expect(await client.reply(1)).toMatchObject({ result: {} });
  });

  it('may be as long as the SDK allows', async () => {
    const client = await start();
    const stdin = 'x'.repeat(9 * MiB);
    const reply = await client.call('docker_exec', { id: box.name, cmd: ['wc', '-c'], user: '1000', stdin });
    expect(execReply(reply).stdout).toBe(`${stdin.length}\n`);
  });
});

it('stdout is JSON-RPC alone, whatever is logged', async () => {
  const client = await startRaw({ env: { DOCKER_HOST: engine.dockerHost, MCP_DOCKER_LOG_LEVEL: 'debug' } });
  client.write('garbage\n');
  await client.call('docker_exec', { id: box.name, cmd: ['sh', '-c', 'echo a; echo b >&2; exit 3'], user: '1000' });
  await client.call('docker_exec', { id: 'no-such-container', cmd: ['true'] });
  await client.close();
  expect(client.unfinishedBytes).toBe(0);
  for (const line of client.stdoutLines) expect(JSON.parse(line)).toMatchObject({ jsonrpc: '2.0' });
  expect(client.stderrLines.length).toBeGreaterThan(0);
});
