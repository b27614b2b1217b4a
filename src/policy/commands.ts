import type { Argv, Finding } from './look/finding.ts';
import { basename, look } from './look/look.ts';
import { type Dialect, parseShell, type ShellWord, type Unresolved } from './shell.ts';

/** All that a command line runs, as far as it can be known without running it. */
export interface Inside {
  /** Every argv on the way, the request's own first: shells and wrappers as well as what they run. */
  readonly argvs: readonly Argv[];
  /** The commands proper: what is left when shells and wrappers are looked through. */
  readonly commands: readonly Argv[];
  /** Every word anywhere, for the rules that look at paths. */
  readonly words: readonly ShellWord[];
  /** Those of them that are no argument of a command that can be seen, such as a redirection's target. */
  readonly loose: readonly ShellWord[];
  /** Names of the variables that are set on the way. */
  readonly assigned: readonly string[];
  readonly unresolved: readonly Unresolved[];
}

interface Collected {
  readonly argvs: Argv[];
  readonly commands: Argv[];
  readonly words: ShellWord[];
  readonly loose: ShellWord[];
  readonly assigned: string[];
  readonly unresolved: Unresolved[];
}

const MAX_DEPTH = 16;

/** Looks through every shell and wrapper of `cmd`. Never throws; what it cannot see through is in `unresolved`. */
export function lookInside(cmd: readonly string[]): Inside {
  const argv = cmd.map((text): ShellWord => ({ text, literal: true }));
  const inside: Collected = { argvs: [], commands: [], words: [...argv], loose: [], assigned: [], unresolved: [] };
  enter(argv, 'posix', 0, inside);
  return inside;
}

/** An argv as patterns see it: the program without its folder, joined by spaces. */
export function commandLine(argv: Argv): string {
  return argv.map((word, index) => (index === 0 ? basename(word.text) : word.text)).join(' ');
}

function enter(argv: Argv, dialect: Dialect, depth: number, inside: Collected): void {
  inside.argvs.push(argv);
  if (depth > MAX_DEPTH) {
    inside.unresolved.push({ part: commandLine(argv), reason: `nested more than ${MAX_DEPTH} deep` });
    return;
  }
  for (const finding of look(argv, dialect)) follow(finding, argv, dialect, depth, inside);
}

function follow(finding: Finding, argv: Argv, dialect: Dialect, depth: number, inside: Collected): void {
  switch (finding.kind) {
    case 'leaf':
      inside.commands.push(argv);
      return;
    case 'command':
      enter(finding.argv, dialect, depth + 1, inside);
      return;
    case 'text':
      enterText(finding.text, finding.dialect, depth + 1, inside);
      return;
    case 'assigns':
      inside.assigned.push(finding.name);
      return;
    case 'unresolved':
      inside.unresolved.push({ part: finding.part, reason: finding.reason });
  }
}

function enterText(text: string, dialect: Dialect, depth: number, inside: Collected): void {
  const parsed = parseShell(text, dialect);
  if (parsed.kind === 'unparsable') {
    inside.unresolved.push({ part: text, reason: `shell text that cannot be read: ${parsed.reason}` });
    scan(text, inside);
    return;
  }
  inside.words.push(...parsed.script.words);
  inside.loose.push(...parsed.script.loose);
  inside.assigned.push(...parsed.script.assigned);
  inside.unresolved.push(...parsed.script.unresolved);
  for (const argv of parsed.script.commands) enter(argv, dialect, depth, inside);
}

/** What can be said of text no parser reads: anything between its separators may be a word, with or without quotes. */
function scan(text: string, inside: Collected): void {
  const tokens = [text, text.replace(/["'\\]/g, '')].flatMap((form) => form.split(/[\s;|&<>()"'`${}]+/));
  const words = tokens.map((token): ShellWord => ({ text: token, literal: false }));
  inside.words.push(...words);
  inside.loose.push(...words);
  inside.argvs.push(words);
}
