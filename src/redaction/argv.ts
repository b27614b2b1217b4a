import { maskFlags } from './flags.ts';
import { redactEntry, redactText } from './text.ts';

/**
 * Hides secrets in the words of one command, or in a list of `KEY=VALUE` entries. Every word keeps its place; a word
 * that is a script itself (`sh -c '…'`) is looked into.
 */
export function redactArgv(argv: readonly string[]): string[] {
  return maskFlags(argv).map((word) => redactText(redactEntry(word)));
}
