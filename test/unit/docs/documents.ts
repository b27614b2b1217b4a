import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));

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
export const documents: readonly Document[] = [...markdownIn(''), ...markdownIn('docs/')].map(readDocument);

/** What stands between backticks, code blocks left out. */
export function inlineCode({ text }: Document): string[] {
  const prose = text.replace(/^```[\s\S]*?^```/gm, '');
  return [...prose.matchAll(/`([^`\n]+)`/g)].map((match) => match[1] ?? '');
}

/** The contents of the code blocks in one language. */
export function codeBlocks({ text }: Document, language: string): string[] {
  const blocks = [...text.matchAll(/^```(\w*)\n([\s\S]*?)^```/gm)];
  return blocks.filter((match) => match[1] === language).map((match) => match[2] ?? '');
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
