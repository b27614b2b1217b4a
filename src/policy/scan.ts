import type { ShellWord } from './shell.ts';

const SEPARATORS = /[\s;|&<>()"'`${}]+/;

/** What can be said of text no parser reads: anything between its separators may be a word, with or without quotes. */
export function scanText(text: string): readonly ShellWord[] {
  const bare = withoutQuotes(text);
  const forms = bare === text ? [text] : [text, bare];
  return forms.flatMap((form) => form.split(SEPARATORS)).map((token) => ({ text: token, literal: false }));
}

/** A text too long to be parsed is mostly a file's content: it is looked through for paths and options as they stand. */
export function scanLongText(text: string): readonly ShellWord[] {
  const tokens = withoutQuotes(text).split(SEPARATORS);
  return tokens.filter(isTelling).map((token) => ({ text: token, literal: true }));
}

function withoutQuotes(text: string): string {
  return text.replace(/["'\\]/g, '');
}

/** A path, an option, or what may be its value. */
function isTelling(token: string, index: number, tokens: readonly string[]): boolean {
  return token.includes('/') || token.startsWith('-') || (tokens[index - 1]?.startsWith('-') ?? false);
}
