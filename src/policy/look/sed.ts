import { type Argv, type Finding, LEAF, unresolved } from './finding.ts';

const SED = /^(?:sed|gsed|ssed)$/;
/** Longer scripts are not read. */
const MAX_SCRIPT = 1024;

/** sed runs programs by its command `e` and by the flag `e` of `s`; scripts in files and computed ones cannot be read. */
export function lookIntoSed(name: string, argv: Argv): readonly Finding[] | undefined {
  if (!SED.test(name)) return undefined;
  const computed = argv.find((word) => !word.literal);
  if (computed !== undefined) return unresolved(computed.text, `an argument of ${name} is computed when it runs`);
  const args = argv.slice(1).map((word) => word.text);
  const file = args.find((arg) => /^-[nErsuz]*f|^--fi?l?e?(?:=|$)/.test(arg));
  if (file !== undefined) return unresolved(file, 'a sed script in a file');
  const running = scriptsOf(args).find(mayRun);
  return running === undefined ? LEAF : unresolved(running, 'a sed script that may run commands');
}

/** What `-e` and `--expression` are given, and the first operand, which is the script where there is none of them. */
function scriptsOf(args: readonly string[]): string[] {
  const scripts: string[] = [];
  let operand: string | undefined;
  for (const [index, arg] of args.entries()) {
    const option = /^(?:-[nErsuz]*e|--expression=?)([\s\S]*)$/.exec(arg);
    if (option !== null) scripts.push(option[1] || (args[index + 1] ?? ''));
    else if (!arg.startsWith('-')) operand ??= arg;
  }
  return operand === undefined ? scripts : [...scripts, operand];
}

/** `s` and `y` with their two sides, whatever separates them. */
const SIDES = /(?<![A-Za-z])[sy]([^\\\n])(?:\\[\s\S]|(?!\1)[^\\])*\1(?:\\[\s\S]|(?!\1)[^\\])*\1/g;
const ADDRESS = /\/(?:\\[\s\S]|[^/\\])*\/|\\([^\\\n])(?:\\[\s\S]|(?!\1)[^\\])*\1/g;

/** Whether an `e` stands where a command or a flag of `s` can stand. It errs on the side of yes. */
function mayRun(script: string): boolean {
  if (script.length > MAX_SCRIPT) return true;
  const bare = script.replace(SIDES, 's').replace(ADDRESS, '0');
  return /(?:^|[\n;{}])[\s\d,$~+!IM]*(?:e|s[gpiImM\d]*e)/.test(bare);
}
