import { type Argv, type Finding, LEAF, unresolved } from './finding.ts';

interface Interpreter {
  readonly name: RegExp;
  /** Short options that carry code or load it. */
  readonly code: string;
  /** Other short options that take the next argument. */
  readonly values: string;
}

const INTERPRETERS: readonly Interpreter[] = [
  { name: /^(?:python|pypy)[\d.]*$/, code: 'c', values: 'WXQ' },
  { name: /^perl[\d.]*$/, code: 'eEMm', values: 'I' },
  { name: /^ruby[\d.]*$/, code: 'er', values: 'ICE' },
  { name: /^(?:node|nodejs|bun|deno)$/, code: 'epr', values: 'C' },
  { name: /^php[\d.]*$/, code: 'rBREd', values: 'ctzS' },
  { name: /^lua(?:jit)?[\d.]*$/, code: 'el', values: '' },
  {
    name: /^(?:tclsh|wish|Rscript|guile|scheme|ocaml|ghci?|irb|ipython3?|groovy|scala|jshell)[\d.]*$/,
    code: 'ecS',
    values: '',
  },
];

const AWK = /^(?:awk|gawk|mawk|nawk|original-awk)$/;
const LONG_CODE = /^--(?:eval|print|require|import|loader|experimental-loader|run|preload)(?:=|$)/;
const STDIN: ReadonlySet<string> = new Set(['-', '/dev/stdin', '/dev/fd/0']);

/** An interpreter given code on its command line or on stdin cannot be judged; one given a file is an ordinary command. */
export function lookIntoInterpreter(name: string, argv: Argv): readonly Finding[] | undefined {
  if (AWK.test(name)) return lookIntoAwk(argv);
  const interpreter = INTERPRETERS.find((known) => known.name.test(name));
  if (interpreter === undefined) return undefined;
  const computed = argv.slice(1).find((word) => !word.literal);
  if (computed !== undefined) return unresolved(computed.text, `an argument of ${name} is computed when it runs`);
  return codeIn(
    name,
    argv.slice(1).map((word) => word.text),
    interpreter,
  );
}

function codeIn(name: string, args: readonly string[], interpreter: Interpreter): readonly Finding[] {
  let index = 0;
  for (let arg = args[index]; arg !== undefined && arg !== '--'; arg = args[index]) {
    if (STDIN.has(arg)) break;
    const settled = settledBy(arg, args[index + 1], name, interpreter);
    if (settled !== undefined) return settled;
    index += takesNext(arg, interpreter) ? 2 : 1;
  }
  const hasScript = args[index] === '--' && index < args.length - 1;
  return hasScript ? LEAF : unresolved(name, `${name} reads its code from stdin`);
}

/** What one argument says of all; undefined where it is an option that says nothing. */
function settledBy(
  arg: string,
  next: string | undefined,
  name: string,
  interpreter: Interpreter,
): readonly Finding[] | undefined {
  const module = codeModule(arg, next);
  if (module !== undefined) return unresolved(module, `a module of ${name} that runs other code`);
  if (isOrdinary(arg)) return LEAF;
  return carriesCode(arg, interpreter) ? unresolved(arg, `code for ${name} on its command line`) : undefined;
}

/** A script's path, a module's name, or a question about the interpreter itself. */
function isOrdinary(arg: string): boolean {
  return !arg.startsWith('-') || /^(?:--version|--help|-[hvV]+|-m.*)$/.test(arg);
}

/** Python's modules that run code given on the command line or on stdin. */
const CODE_MODULES = /^(?:asyncio|code|cProfile|idlelib|pdb|profile|runpy|timeit|trace)(?:$|\.)/;

/** The module of `-m module` and `-mmodule`, if it runs code of its own arguments. */
function codeModule(arg: string, next: string | undefined): string | undefined {
  if (!arg.startsWith('-m')) return undefined;
  const module = arg.slice(2) || (next ?? '');
  return CODE_MODULES.test(module) ? module : undefined;
}

function carriesCode(arg: string, interpreter: Interpreter): boolean {
  if (arg.startsWith('--')) return LONG_CODE.test(arg);
  const letters = [...arg.slice(1)];
  const value = letters.findIndex((letter) => interpreter.values.includes(letter));
  return letters.slice(0, value === -1 ? letters.length : value).some((letter) => interpreter.code.includes(letter));
}

function takesNext(arg: string, interpreter: Interpreter): boolean {
  return arg.length === 2 && interpreter.values.includes(arg.slice(1));
}

/** awk programs run commands through `system`, pipes and loaded files. */
function lookIntoAwk(argv: Argv): readonly Finding[] {
  const part = argv.slice(1).find((word) => !word.literal || runsCommands(word.text));
  return part === undefined ? LEAF : unresolved(part.text, 'an awk program that may run commands');
}

function runsCommands(text: string): boolean {
  return /^-(?:[fieElv]|-)/.test(text)
    ? !/^-v/.test(text)
    : /\bsystem\b|@\s*[A-Za-z_]|\|/.test(text.replaceAll('||', ''));
}
