import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

export interface Document {
  /** From the repository's root. */
  readonly path: string;
  readonly text: string;
}

/** Whether the repository has a file or folder at this path from its root. */
export function inRepository(path: string): boolean {
  return existsSync(`${ROOT}${path}`);
}

/** A file of the repository as text. */
export function readDocument(path: string): Document {
  return { path, text: readFileSync(`${ROOT}${path}`, 'utf8') };
}

function markdownIn(folder: string): string[] {
  return readdirSync(`${ROOT}${folder}`)
    .filter((name) => name.endsWith('.md'))
    .map((name) => `${folder}${name}`);
}

/** Everything written for people. */
export const documents: readonly Document[] = ['', 'docs/', 'benchmarks/', 'packaging/']
  .flatMap(markdownIn)
  .map(readDocument);

/** A fenced block of a document. */
export interface Block {
  readonly path: string;
  /** The heading it stands under. */
  readonly section: string;
  readonly language: string;
  readonly text: string;
  /** Whether it stands in a part that is made from the code. */
  readonly generated: boolean;
}

/** Every fenced block of a document, in its order. */
export function blocksOf({ path, text }: Document): Block[] {
  return [...text.matchAll(/^```(.*)\n([\s\S]*?)^```$/gm)].map(({ index, 1: language = '', 2: content = '' }) => {
    const before = text.slice(0, index);
    const section = [...before.matchAll(/^#+ (.+)$/gm)].at(-1)?.[1] ?? '';
    const generated = before.lastIndexOf(':begin -->') > before.lastIndexOf(':end -->');
    return { path, section, language, text: content, generated };
  });
}

/** Every fenced block of every document. */
export const everyBlock: readonly Block[] = documents.flatMap(blocksOf);

/** What a client starts as a document's entry says, and under which name. */
export interface ShownEntry {
  readonly path: string;
  readonly name: string;
  readonly type?: string | undefined;
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

const entry = z.strictObject({
  type: z.string().optional(),
  command: z.string(),
  args: z.array(z.string()),
  env: z.record(z.string(), z.string()).default({}),
});
const servers = z.record(z.string(), entry);
/** A client's configuration, with nothing in it that is not the server's entry. */
const clientConfiguration = z.union([z.strictObject({ mcpServers: servers }), z.strictObject({ servers })]);

/** The entries of a block that is a client's configuration; none of any other. */
export function entriesOf({ path, text }: Block): ShownEntry[] {
  const read = clientConfiguration.safeParse(JSON.parse(text));
  if (!read.success) return [];
  const named = 'servers' in read.data ? read.data.servers : read.data.mcpServers;
  return Object.entries(named).map(([name, shown]) => ({ path, name, ...shown }));
}

/** Every entry for a client's configuration that the documents show. */
export const everyEntry = everyBlock.filter(({ language }) => language === 'json').flatMap(entriesOf);

/** The commands of a block for the shell, without remarks. */
export function commandsOf({ text }: Block): string[] {
  return text.split('\n').flatMap((line) => line.replace(/(^| +)# .*$/, '') || []);
}

/** What stands between backticks, code blocks left out. */
export function inlineCode({ text }: Document): string[] {
  const prose = text.replace(/^```[\s\S]*?^```/gm, '');
  return [...prose.matchAll(/`([^`\n]+)`/g)].map((match) => match[1] ?? '');
}

/** The anchors a page offers for its headings, as GitHub makes them. */
export function anchors({ text }: Document): string[] {
  const headings = [...text.matchAll(/^#+ (.+)$/gm)].map((match) => match[1] ?? '');
  return headings.map((heading) =>
    heading
      .toLowerCase()
      .replace(/[^\w\- ]/g, '')
      .replaceAll(' ', '-'),
  );
}
