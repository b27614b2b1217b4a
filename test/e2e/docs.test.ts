import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { TOOL_NAMES, type ToolName } from '../../src/observe/events.ts';
import { useEngine } from '../engine/use.ts';
import { codeBlocks } from '../unit/docs/documents.ts';
import { openServer, type TestServer } from './client.ts';

const engine = useEngine();
const TEXT = readFileSync(new URL('../../docs/tools.md', import.meta.url), 'utf8');

const jsonObject = z.record(z.string(), z.unknown());
const outputSchema = z.object({ properties: jsonObject });

/** The JSON blocks of a tool's section. */
function examples(name: ToolName): Record<string, unknown>[] {
  const text = TEXT.split(/^## /m).find((section) => section.startsWith(`${name}\n`)) ?? '';
  return codeBlocks({ path: 'docs/tools.md', text }, 'json').map((block) => jsonObject.parse(JSON.parse(block)));
}

let server: TestServer;
beforeAll(async () => {
  server = await openServer({ env: { DOCKER_HOST: engine.dockerHost } });
});
afterAll(() => server.close());

async function schemasOf(name: ToolName) {
  const { tools } = await server.client.listTools();
  const tool = tools.find((one) => one.name === name);
  const answer = outputSchema.parse(tool?.outputSchema).properties;
  return { request: z.fromJSONSchema(jsonObject.parse(tool?.inputSchema)), answer };
}

describe('the examples in docs/tools.md', () => {
  it.each(TOOL_NAMES.filter((name) => name !== 'health'))('ask %s for what it accepts', async (name) => {
    const { request } = await schemasOf(name);
    const [example] = examples(name);
    expect(request.safeParse(example)).toMatchObject({ success: true });
  });

  it.each(TOOL_NAMES)('show of %s only fields it answers with', async (name) => {
    const { answer } = await schemasOf(name);
    const shown = examples(name).at(-1) ?? {};
    const fields = Object.keys(shown).filter((field) => field !== '…');
    expect(fields.length).toBeGreaterThan(1);
    expect(Object.keys(answer)).toEqual(expect.arrayContaining(fields));
  });
});
