import { type Argv, type Finding, joinedText, shellText, unresolved } from './finding.ts';
import { skipOptions } from './options.ts';

/** `su -c text` and `script -c text`: programs that hand one text to a shell, and start an interactive one without it. */
export function lookForText(name: string, argv: Argv): readonly Finding[] {
  const computed = argv.find((word) => !word.literal);
  if (computed !== undefined) return unresolved(computed.text, `an argument of ${name} is computed when it runs`);
  const texts = argv.flatMap((word, index) => textOf(word.text, argv[index + 1]?.text));
  const [text] = texts;
  if (text === undefined || texts.length > 1) return unresolved(name, `${name} without exactly one -c text`);
  return shellText({ text, literal: true }, 'posix');
}

function textOf(option: string, next: string | undefined): string[] {
  if (option.startsWith('--command=')) return [option.slice('--command='.length)];
  const takesNext = option === '--command' || /^-[a-z]*c$/.test(option);
  return takesNext && next !== undefined ? [next] : [];
}

/** watch joins its operands and has a shell read them, unless `-x` is given; read as shell text, both are covered. */
export function lookIntoWatch(argv: Argv): readonly Finding[] {
  const skipped = skipOptions(argv, 1, {
    flags: 'bcdegptwx',
    values: 'nq',
    longFlags: ['beep', 'color', 'differences', 'errexit', 'chgexit', 'precise', 'no-title', 'no-wrap', 'exec'],
    longValues: ['interval', 'equexit'],
  });
  if (skipped.kind === 'unknown') return unresolved(skipped.part, `${skipped.reason}, before the command of watch`);
  return joinedText(argv.slice(skipped.from), 'posix');
}
