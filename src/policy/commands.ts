import type { Dialect } from './dialect.ts';
import type { Argv, Finding } from './look/finding.ts';
import { basename, look } from './look/look.ts';
import { scanLongText, scanText } from './scan.ts';
import { type AssignedValue, parseShell, type ShellScript, type ShellWord, type Unresolved } from './shell.ts';

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
  /** What variables are set to in shell texts, and which of them any text expands. */
  readonly values: readonly AssignedValue[];
  readonly used: ReadonlySet<string>;
  /** Names of the variables that are set on the way. */
  readonly assigned: readonly string[];
  readonly unresolved: readonly Unresolved[];
}

interface Collected {
  readonly argvs: Argv[];
  readonly commands: Argv[];
  readonly words: ShellWord[];
  readonly loose: ShellWord[];
  readonly values: AssignedValue[];
  readonly used: Set<string>;
  readonly assigned: string[];
  readonly unresolved: Unresolved[];
  /** What may still be looked at; it bounds the time of a decision whatever was given. */
  readonly left: { argvs: number; words: number; characters: number };
}

const MAX_DEPTH = 16;
/** Commands on the way, shells and wrappers included, and their words together. */
const MAX_ARGVS = 512;
const MAX_WORDS = 8192;
/** Characters of the request's own argv, and of all shell texts inside together. */
const MAX_CHARACTERS = 16_384;

/**
 * Looks through every shell and wrapper of `cmd`. Never throws; what it cannot see through, or is too long to be checked in
 * time, is in `unresolved`.
 */
export function lookInside(cmd: readonly string[]): Inside {
  const argv = cmd.map((text): ShellWord => ({ text, literal: true }));
  const lists = { argvs: [], commands: [], loose: [], values: [], assigned: [], unresolved: [] };
  const left = { argvs: MAX_ARGVS, words: MAX_WORDS, characters: MAX_CHARACTERS };
  const inside: Collected = { ...lists, words: [...argv], used: new Set(), left };
  const length = cmd.reduce((sum, { length }) => sum + length, 0);
  if (length > MAX_CHARACTERS) inside.unresolved.push(tooLong(argv, `${MAX_CHARACTERS} characters`));
  enter(argv, 'posix', 0, inside);
  return inside;
}

function tooLong(argv: Argv, most: string): Unresolved {
  return { part: commandLine(argv.slice(0, 20)), reason: `too long to be checked (more than ${most})` };
}

/** An argv as patterns see it: the program without its folder, joined by spaces. */
export function commandLine(argv: Argv): string {
  return argv.map((word, index) => (index === 0 ? basename(word.text) : word.text)).join(' ');
}

function enter(argv: Argv, dialect: Dialect, depth: number, inside: Collected): void {
  inside.argvs.push(argv);
  inside.left.argvs -= 1;
  inside.left.words -= argv.length;
  if (inside.left.argvs < 0 || inside.left.words < 0) {
    giveUp(argv, inside);
    return;
  }
  if (depth > MAX_DEPTH) {
    inside.unresolved.push({ part: commandLine(argv), reason: `nested more than ${MAX_DEPTH} deep` });
    return;
  }
  for (const finding of look(argv, dialect)) follow(finding, argv, dialect, depth, inside);
}

/** A command too many is not looked through; what may be shell text among its words is scanned instead. */
function giveUp(argv: Argv, inside: Collected): void {
  if (inside.unresolved.length === 0)
    inside.unresolved.push(tooLong(argv, `${MAX_ARGVS} commands or ${MAX_WORDS} words`));
  for (const { text } of argv) if (/\s/.test(text)) addScanned(scanLongText(text), inside);
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
  inside.left.characters -= text.length;
  if (inside.left.characters < 0) {
    inside.unresolved.push(tooLong([{ text: text.slice(0, 200), literal: true }], `${MAX_CHARACTERS} characters`));
    addScanned(scanLongText(text), inside);
    return;
  }
  const parsed = parseShell(text, dialect);
  if (parsed.kind === 'parsed') {
    add(parsed.script, dialect, depth, inside);
    return;
  }
  inside.unresolved.push({ part: text, reason: `shell text that cannot be read: ${parsed.reason}` });
  const words = scanText(text);
  addScanned(words, inside);
  addAll(inside.loose, words);
}

function add(script: ShellScript, dialect: Dialect, depth: number, inside: Collected): void {
  addAll(inside.words, script.words);
  addAll(inside.loose, script.loose);
  addAll(inside.values, script.values);
  addAll(inside.assigned, script.assigned);
  addAll(inside.unresolved, script.unresolved);
  for (const name of script.used) inside.used.add(name);
  for (const argv of script.commands) enter(argv, dialect, depth, inside);
}

/** Lists are too long at times to be spread into arguments. */
function addAll<Item>(list: Item[], items: readonly Item[]): void {
  for (const item of items) list.push(item);
}

/** Words of a text that no parser reads: they may be paths and options, but which of them is a command is unknown. */
function addScanned(words: readonly ShellWord[], inside: Collected): void {
  addAll(inside.words, words);
  inside.argvs.push([NO_PROGRAM].concat(words));
}

const NO_PROGRAM: ShellWord = { text: '', literal: true };
