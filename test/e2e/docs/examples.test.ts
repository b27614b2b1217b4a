import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { TOOL_NAMES } from '../../../src/observe/events.ts';
import { blocksOf, everyEntry, readDocument } from '../../docs/documents.ts';
import { EXAMPLES, type Example } from '../../docs/examples.ts';
import { dockerText } from '../../engine/cli.ts';
import { TEST_LABEL, type TestContainer } from '../../engine/containers.ts';
import { useEngine } from '../../engine/use.ts';
import { openServer, startServer, type TestServer } from '../client.ts';
import { startRaw } from '../raw-client.ts';
import { untilSeen } from '../witness.ts';
import { asShown, lasting } from './likeness.ts';

const engine = useEngine();
const jsonObject = z.record(z.string(), z.unknown());
type Json = z.output<typeof jsonObject>;

const SAYING = ['sh', '-c', 'echo starting; echo listening on :8080; echo ready; exec sleep 86400'];

/** The container the documents call `web`. */
let web: TestContainer;
let server: TestServer;
beforeAll(async () => {
  server = await openServer({ env: { DOCKER_HOST: engine.dockerHost } });
  web = await engine.run({ flags: ['--label', 'app=web', '--env', 'DB_PASSWORD=hunter2'], cmd: SAYING });
  await untilSeen(
    () => dockerText(engine.docker, ['logs', web.name]),
    (log) => log.endsWith('ready'),
  );
});
afterAll(() => server.close());

/** A value with one name put for another wherever it is whole, and without the label of the tests. */
function renamed(value: unknown, from: string, to: string): Json {
  const renames: Readonly<Record<string, string>> = { [from]: to, [`/${from}`]: `/${to}` };
  const rename = (key: string, inner: unknown) => {
    if (key === TEST_LABEL) return undefined;
    return typeof inner === 'string' ? (renames[inner] ?? inner) : inner;
  };
  return jsonObject.parse(JSON.parse(JSON.stringify(value), rename));
}

/** The section's blocks by what they show. */
function shownIn({ path, section, shows }: Example): Json[] {
  const blocks = blocksOf(readDocument(path)).filter((block) => block.section === section && block.language === 'json');
  return shows.map((_, index) => jsonObject.parse(JSON.parse(blocks[index]?.text ?? '')));
}

function requestOf(example: Example): Json {
  const shown = shownIn(example)[example.shows.indexOf('request')];
  return renamed(example.request ?? shown, 'web', web.name);
}

describe('the calls the documents show', () => {
  const answered = EXAMPLES.filter(({ shows }) => shows.includes('answer'));

  it.each(answered)('in $path, $section, are answered as shown', async (example) => {
    const { structured } = await server.call(example.tool, requestOf(example));
    const shown = shownIn(example)[example.shows.indexOf('answer')];
    expect(lasting(asShown(renamed(structured, web.name, 'web'), shown))).toEqual(lasting(shown));
  });

  it.each(EXAMPLES.filter(({ shows }) => shows.includes('progress')))(
    'in $path, $section, are streamed as shown',
    async (example) => {
      const client = await startRaw({ env: { DOCKER_HOST: engine.dockerHost } });
      const [shown] = shownIn(example);
      const token = z.string().parse(shown?.['progressToken']);
      await client.call(example.tool, requestOf(example), { token });
      expect(client.messages.map(({ params }) => params)).toContainEqual(shown);
    },
  );
});

describe('the section of', () => {
  it.each(TOOL_NAMES)('%s in docs/tools.md names every argument', async (name) => {
    const { tools } = await server.client.listTools();
    const names = Object.keys(tools.find((tool) => tool.name === name)?.inputSchema.properties ?? {});
    const sections = readDocument('docs/tools.md').text.split(/^## /m);
    const words = sections.find((section) => section.startsWith(`${name}\n`))?.match(/\w+/g);
    expect(words).toEqual(expect.arrayContaining(names));
  });
});

describe('the configuration docs/configuration.md shows', () => {
  const [entry] = everyEntry.filter(({ path }) => path === 'docs/configuration.md');

  it('allows what the text says, and refuses all else', async () => {
    const label = z.string().parse(/^label:(.+)$/.exec(entry?.env['MCP_DOCKER_ALLOWED_CONTAINERS'] ?? '')?.[1]);
    const shop = await engine.run({ flags: ['--label', label] });
    const { MCP_DOCKER_AUDIT_FILE: _, ...env } = entry?.env ?? {};
    const strict = await startServer({ env: { ...env, DOCKER_HOST: engine.dockerHost } });
    const judged = (id: string, cmd: readonly string[]) => strict.call('docker_exec', { id, cmd });
    expect(await judged(shop.name, ['ls', '/'])).toMatchObject({ structured: { outcome: 'exited', exitCode: 0 } });
    for (const [id, cmd] of [
      [shop.name, ['cat', '/etc/passwd']],
      [web.name, ['ls', '/']],
    ] as const)
      expect(await judged(id, cmd)).toMatchObject({ structured: { error: { code: 'POLICY_DENIED' } } });
  });
});
