import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import manifest from '../../../package.json' with { type: 'json' };
import { CLIENTS } from '../../../src/cli/init/clients.ts';
import { COMMANDS, type Command } from '../../docs/commands.ts';
import {
  type Block,
  commandsOf,
  documents,
  entriesOf,
  everyBlock,
  inRepository,
  readDocument,
} from '../../docs/documents.ts';
import { EXAMPLES } from '../../docs/examples.ts';

const table: readonly (readonly [string, Command])[] = Object.entries(COMMANDS);
const lines = table.map(([, { line }]) => line);
const blocksIn = (language: string) => everyBlock.filter((block) => block.language === language);
const place = ({ path, section }: Pick<Block, 'path' | 'section'>) => `${path}, ${section}`;

/** How a block in each language is kept true; what a new one needs. */
const KEPT_TRUE: Readonly<Record<string, (block: Block) => string | undefined>> = {
  sh: (block) =>
    commandsOf(block).every((line) => lines.includes(line))
      ? undefined
      : 'enter its commands in test/docs/commands.ts, with the test that runs them',
  json: (block) =>
    entriesOf(block).length > 0 || EXAMPLES.some((example) => place(example) === place(block))
      ? undefined
      : "make it a client's configuration, or enter its section in test/docs/examples.ts",
  ts: ({ text }) =>
    /^import \{.*\} from 'mcp-docker-exec';\n$/.test(text)
      ? undefined
      : 'show imports alone, which test/package/contents.test.ts compiles, or compile it there',
  text: (block) => {
    if (block.generated) return undefined;
    return block.text.includes('──▶') ? strangers(block) : 'make it from the code (test/docs/generated.ts), or drop it';
  },
  mermaid: (block) => strangers(block),
};

/** Drawings may name only folders and files of the source. */
function strangers({ text }: Block): string | undefined {
  const named = [...text.matchAll(/(?<![\w/.])([a-z][\w-]*\/(?:[\w-]+\.ts)?)/g)].map((match) => match[1] ?? '');
  const unknown = named.filter((name) => !(inRepository(`src/${name}`) || inRepository(name)));
  return unknown.length === 0 ? undefined : `name only what is there, not ${unknown.join(', ')}`;
}

describe('every block of the documents', () => {
  it.each(documents)('of $path is seen here', ({ path, text }) => {
    const fences = [...text.matchAll(/^[ \t>]*(?:```|~~~)/gm)];
    const seen = everyBlock.filter((block) => block.path === path);
    expect(2 * seen.length, 'a block begins with ``` at the start of a line, and ends so').toBe(fences.length);
  });

  it.each(everyBlock)('in $path, $section, is run or validated: $text', (block) => {
    const check = KEPT_TRUE[block.language];
    const wanted =
      check === undefined ? `use one of ${Object.keys(KEPT_TRUE).join(', ')} after the fence` : check(block);
    expect(wanted, `${place(block)}: nothing keeps this block true:\n${block.text}To mend it: ${wanted}`).toBe(
      undefined,
    );
  });

  it('that is JSON has its place in the example of its section', () => {
    const shown = blocksIn('json').filter((block) => entriesOf(block).length === 0);
    expect(shown.map(place).toSorted()).toEqual(
      EXAMPLES.flatMap(({ shows, ...at }) => shows.map(() => place(at))).toSorted(),
    );
  });
});

describe('the table of commands', () => {
  it('has none that no document shows', () => {
    const shown = blocksIn('sh').flatMap(commandsOf);
    expect(lines.filter((line) => !shown.includes(line))).toEqual([]);
  });

  it.each(table)('tells of %s who runs it, or why nobody does', (key, { runBy, notRun }) => {
    if (runBy === undefined) expect(notRun).toMatch(/\w/);
    else expect(readDocument(runBy).text.includes(`COMMANDS.${key}.line`), `${runBy} runs it`).toBe(true);
  });
});

describe('commands that no test runs', () => {
  const verbs = () => {
    const { stderr } = spawnSync(process.execPath, ['test/run.mjs'], {
      cwd: fileURLToPath(new URL('../../../', import.meta.url)),
      encoding: 'utf8',
    });
    return /run\.mjs ([\w|]+) /.exec(stderr)?.[1]?.split('|') ?? [];
  };

  it('name scripts there are, which do what test/run.mjs or an installed program can do', () => {
    const known = verbs();
    const scripts: Readonly<Record<string, string>> = manifest.scripts;
    for (const name of ['check', 'test', 'demo', 'bench']) expect(scripts).toHaveProperty(name);
    const everywhere = [...Object.values(scripts), ...documents.map(({ text }) => text)].join('\n');
    const asked = [...everywhere.matchAll(/test\/run\.mjs ([a-z]+)/g)].map((match) => match[1] ?? '');
    expect(asked).toEqual(expect.arrayContaining(['setup', 'test', 'demo', 'bench', 'docs']));
    expect(asked.filter((verb) => !known.includes(verb))).toEqual([]);
  });

  it('are part of what a change has to pass, in the order in which one needs the other', () => {
    const passed = readDocument('.ci/run').text.split('\n');
    const places = [COMMANDS.setup, COMMANDS.check, COMMANDS.test].map(({ line }) => passed.indexOf(line));
    expect(places.every((at, index) => at > (places[index - 1] ?? 0))).toBe(true);
  });

  it('give Claude Code what init gives it', () => {
    expect(COMMANDS.claude.line).toBe(CLIENTS.claude.otherWay);
  });

  it('build and run the image as the Dockerfile says', () => {
    const head = readDocument('Dockerfile').text.replace(/ \\\n# +/g, ' ');
    for (const { line } of [COMMANDS.dockerBuild, COMMANDS.dockerRun]) expect(head).toContain(`#   ${line}\n`);
    const built = / -t (\S+) \.$/.exec(COMMANDS.dockerBuild.line)?.[1];
    expect(COMMANDS.dockerRun.line.split(' ').at(-1)).toBe(built);
  });
});
