import type { ShellWord } from '../shell.ts';
import { type Argv, type Finding, LEAF, unresolved } from './finding.ts';
import { type OptionTable, skipOptions } from './options.ts';

const OPTIONS: OptionTable = {
  flags: '0rtpxoile',
  values: 'ILnPsEad',
  longFlags: ['null', 'no-run-if-empty', 'verbose', 'interactive', 'exit', 'open-tty', 'replace', 'max-lines', 'eof'],
  longValues: ['arg-file', 'delimiter', 'max-args', 'max-procs', 'max-chars'],
};

/** xargs' command with what it adds from its input: words nobody knows before it runs. */
export function lookIntoXargs(argv: Argv): readonly Finding[] {
  const skipped = skipOptions(argv, 1, OPTIONS);
  if (skipped.kind === 'unknown') return unresolved(skipped.part, `${skipped.reason}, before the command of xargs`);
  const options = argv.slice(1, skipped.from);
  const glued = options.find(({ text }) => /^-[ile]./.test(text));
  if (glued !== undefined) return unresolved(glued.text, 'an option of xargs in its old form');
  const inner = argv.slice(skipped.from);
  return inner.length === 0 ? LEAF : [{ kind: 'command', argv: addInput(inner, placeholders(options)) }];
}

function addInput(inner: Argv, replaced: readonly string[]): Argv {
  if (replaced.length === 0) return [...inner, { text: '', literal: false }];
  return inner.map(
    (word): ShellWord => (replaced.some((mark) => word.text.includes(mark)) ? { ...word, literal: false } : word),
  );
}

/** The marks of `-I mark`, `-Imark` and `--replace[=mark]`. */
function placeholders(options: Argv): string[] {
  return options.flatMap(({ text }, index) => {
    if (text.startsWith('--replace')) return [text.split('=')[1] ?? '{}'];
    if (/^-[0rtpxo]*i$/.test(text)) return ['{}'];
    const short = /^-[0rtpxo]*I(.*)$/.exec(text);
    return short === null ? [] : [short[1] || (options[index + 1]?.text ?? '{}')];
  });
}
