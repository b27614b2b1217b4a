import type { Dialect } from '../dialect.ts';
import type { ShellWord } from '../shell.ts';

export type Argv = readonly ShellWord[];

/** What one argv turns out to run. A launcher may yield several findings, an ordinary program one `leaf`. */
export type Finding =
  /** The argv itself is a command: patterns are matched against it. */
  | { readonly kind: 'leaf' }
  /** The argv starts another one, which is looked into in turn. */
  | { readonly kind: 'command'; readonly argv: Argv }
  /** The argv hands this text to a shell. */
  | { readonly kind: 'text'; readonly text: string; readonly dialect: Dialect }
  /** The argv sets this environment variable for what it runs. */
  | { readonly kind: 'assigns'; readonly name: string }
  | { readonly kind: 'unresolved'; readonly part: string; readonly reason: string };

export const LEAF: readonly Finding[] = [{ kind: 'leaf' }];

export function unresolved(part: string, reason: string): readonly Finding[] {
  return [{ kind: 'unresolved', part, reason }];
}

/** The text if the shell will see exactly it, otherwise the reason why it cannot be read. */
export function shellText(word: ShellWord, dialect: Dialect): readonly Finding[] {
  if (!word.literal) return unresolved(word.text, 'shell text that is computed when it runs');
  return [{ kind: 'text', text: word.text, dialect }];
}

/** Words joined by spaces and read again by a shell, as `eval` and `watch` do. */
export function joinedText(words: Argv, dialect: Dialect): readonly Finding[] {
  if (words.length === 0) return LEAF;
  return shellText(
    { text: words.map((word) => word.text).join(' '), literal: words.every((word) => word.literal) },
    dialect,
  );
}
