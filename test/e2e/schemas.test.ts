import { AjvJsonSchemaValidator } from '@modelcontextprotocol/sdk/validation/ajv';
import type { JsonSchemaType } from '@modelcontextprotocol/sdk/validation/types.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { dockerText } from '../engine/cli.ts';
import type { TestContainer } from '../engine/containers.ts';
import { useEngine } from '../engine/use.ts';
import { RawClient } from './raw-client.ts';

const engine = useEngine();
const TOOLS = ['docker_exec', 'docker_logs', 'docker_ps', 'docker_inspect', 'health'] as const;
type ToolName = (typeof TOOLS)[number];
const READ_ONLY = { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false };
let raw: RawClient;
let container: TestContainer;

const schema = z.custom<JsonSchemaType>(
  (value) => z.looseObject({ type: z.literal('object') }).safeParse(value).success,
);
const listed = z.object({
  tools: z.array(
    z.strictObject({
      name: z.enum(TOOLS),
      title: z.string().min(1),
      description: z.string().min(1).max(2047),
      annotations: z.looseObject({}),
      inputSchema: schema,
      outputSchema: schema,
    }),
  ),
});

beforeAll(async () => {
  raw = new RawClient({ DOCKER_HOST: engine.dockerHost });
  [container] = await Promise.all([engine.run(), raw.initialize()]);
  raw.send({ id: 'list', method: 'tools/list' });
  await raw.reply('list');
});

afterAll(() => raw.close());

async function tools() {
  return listed.parse((await raw.reply('list')).result).tools;
}

async function tool(name: ToolName) {
  const found = (await tools()).find((one) => one.name === name);
  if (found === undefined) throw new Error(`There is no tool ${name}.`);
  return found;
}

describe('tools/list', () => {
  it('has the five tools, each described, in less than 12,000 bytes', async () => {
    expect((await tools()).map(({ name }) => name)).toEqual([...TOOLS]);
    const line = raw.stdoutLines.find((text) => text.includes('"id":"list"')) ?? '';
    expect(Buffer.byteLength(line)).toBeGreaterThan(1000);
    expect(Buffer.byteLength(line)).toBeLessThan(12_000);
  });

  it.each(TOOLS)('says what %s may do', async (name) => {
    const { annotations } = await tool(name);
    const changing = { readOnlyHint: false, destructiveHint: true, idempotentHint: false, openWorldHint: true };
    expect(annotations).toMatchObject(name === 'docker_exec' ? changing : READ_ONLY);
  });

  it.each(TOOLS)('has the schemas of %s that clients know', async (name) => {
    const { inputSchema, outputSchema } = await tool(name);
    expect({ inputSchema, outputSchema }).toMatchSnapshot();
  });
});

describe('the output schema', () => {
  /** As the SDK's client and server do: every property a result has is checked. */
  async function isValid(name: ToolName, structured: unknown): Promise<boolean> {
    return new AjvJsonSchemaValidator().getValidator((await tool(name)).outputSchema)(structured).valid;
  }

  const calls: readonly [string, ToolName, (id: string) => Readonly<Record<string, unknown>>, boolean][] = [
    ['a command', 'docker_exec', (id) => ({ id, cmd: ['echo', 'a'] }), false],
    ['a failing command', 'docker_exec', (id) => ({ id, cmd: ['false'] }), false],
    ['a command that timed out', 'docker_exec', (id) => ({ id, cmd: ['sleep', '60'], timeoutMs: 100 }), true],
    ['a refused command', 'docker_exec', (id) => ({ id, cmd: ['true'], user: 'root' }), true],
    ['a log', 'docker_logs', (id) => ({ id }), false],
    ['a bounded log', 'docker_logs', (id) => ({ id, follow: true, timeoutMs: 50 }), false],
    ['a refused log', 'docker_logs', (id) => ({ id, tail: 'abc' }), true],
    ['a list', 'docker_ps', () => ({ all: true }), false],
    ['a refused list', 'docker_ps', () => ({ all: 1 }), true],
    ['a container', 'docker_inspect', (id) => ({ kind: 'container', id }), false],
    ['an image', 'docker_inspect', () => ({ kind: 'image', id: engine.image }), false],
    ['an object that is not there', 'docker_inspect', () => ({ kind: 'volume', id: 'none' }), true],
    ['health', 'health', () => ({}), false],
    ['refused health', 'health', () => ({ x: 1 }), true],
  ];

  it.each(calls)('holds for %s', async (_what, name, args, isError) => {
    const reply = await raw.call(name, args(container.id));
    expect(reply.isError).toBe(isError);
    expect(await isValid(name, reply.structured)).toBe(true);
  });

  it('holds for a lost run', async () => {
    const doomed = await engine.run();
    const id = raw.begin(
      'docker_exec',
      { id: doomed.id, cmd: ['sh', '-c', 'echo up; sleep 60'], stream: true },
      { token: 'up' },
    );
    await raw.until(({ params }) => params?.progressToken === 'up');
    await dockerText(engine.docker, ['rm', '--force', doomed.id]);
    const reply = await raw.result(id);
    expect(reply).toMatchObject({ isError: true, structured: { outcome: 'lost' } });
    expect(await isValid('docker_exec', reply.structured)).toBe(true);
  });

  it('does not hold for just anything', async () => {
    const { structured } = await raw.call('docker_exec', { id: container.id, cmd: ['true'] });
    const { outcome: _outcome, ...incomplete } = structured;
    for (const wrong of [{}, incomplete, { ...structured, exitCode: '0' }, { ...structured, outcome: 'fine' }]) {
      expect(await isValid('docker_exec', wrong)).toBe(false);
    }
  });
});
