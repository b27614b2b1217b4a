import type { Dialect } from '../dialect.ts';
import { type Argv, type Finding, shellText, unresolved } from './finding.ts';

const DIALECTS: Readonly<Record<string, Dialect>> = {
  bash: 'bash',
  rbash: 'bash',
  sh: 'posix',
  ash: 'posix',
  dash: 'posix',
  hush: 'posix',
  ksh: 'posix',
  ksh93: 'posix',
  lksh: 'posix',
  mksh: 'posix',
  posh: 'posix',
  yash: 'posix',
};

const HARMLESS_LONG: ReadonlySet<string> = new Set([
  '--login',
  '--noediting',
  '--noprofile',
  '--norc',
  '--posix',
  '--restricted',
  '--verbose',
]);

type ShellOptions =
  | { readonly kind: 'read'; readonly from: number; readonly takesText: boolean }
  | { readonly kind: 'refused'; readonly part: string; readonly reason: string };

/** What a shell is given to run; undefined where `name` is no shell whose language is read here. */
export function lookIntoShell(name: string, argv: Argv): readonly Finding[] | undefined {
  const dialect = Object.hasOwn(DIALECTS, name) ? DIALECTS[name] : undefined;
  if (dialect === undefined) return undefined;
  const options = readOptions(argv);
  if (options.kind === 'refused') return unresolved(options.part, options.reason);
  const operand = argv[options.from];
  if (!options.takesText) return withoutText(name, operand?.text);
  return operand === undefined ? [] : shellText(operand, dialect);
}

function withoutText(name: string, script: string | undefined): readonly Finding[] {
  if (script === undefined) return unresolved(name, 'a shell that reads its script from stdin');
  return unresolved(script, 'a shell script in a file');
}

/** With `-c` anywhere among the options, in a cluster or alone, the first operand is the text. `-o` and `-O` take a value. */
function readOptions(argv: Argv): ShellOptions {
  let takesText = false;
  let index = 1;
  for (let word = argv[index]; word !== undefined; word = argv[index]) {
    if (!word.literal) return { kind: 'refused', part: word.text, reason: 'a shell argument computed when it runs' };
    const option = word.text;
    if (option === '-' || option === '--') return { kind: 'read', from: index + 1, takesText };
    if (!/^[-+]/.test(option)) break;
    if (!isReadable(option)) return { kind: 'refused', part: option, reason: 'a shell option that loads other code' };
    takesText ||= /^-[^-]*c/.test(option);
    index += 1 + optionValues(option);
  }
  return { kind: 'read', from: index, takesText };
}

/** `-i` and options such as `--rcfile` make the shell run start-up files first. */
function isReadable(option: string): boolean {
  return option.startsWith('--') ? HARMLESS_LONG.has(option) : !option.includes('i');
}

function optionValues(option: string): number {
  return option.startsWith('--') ? 0 : option.replace(/[^oO]/g, '').length;
}
