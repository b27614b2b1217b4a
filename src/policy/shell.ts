import { type Assignment, type Command, forEachChild, parse, type SyntaxNode, type Word, type WordPart } from 'unbash';
import { evaluatedPart } from './arithmetic.ts';
import { type Dialect, isBashOnly } from './dialect.ts';

/**
 * One word of a command. Literal: `text` is exactly what the program receives. Not literal: the shell computes it when it
 * runs (expansion, glob, brace, tilde), and `text` is its source with quotes removed as far as they are known.
 */
export interface ShellWord {
  readonly text: string;
  readonly literal: boolean;
}

/** A piece of a request that cannot be judged without running it, and why. */
export interface Unresolved {
  readonly part: string;
  readonly reason: string;
}

/** A variable and what the text makes of it. */
export interface AssignedValue {
  readonly name: string;
  readonly value: ShellWord;
}

/** Everything in a shell text that a rule may look at; nested substitutions, loops and branches are flattened. */
export interface ShellScript {
  readonly commands: readonly (readonly ShellWord[])[];
  /** Every word anywhere: arguments, redirection targets, assigned values, loop lists, defaults. */
  readonly words: readonly ShellWord[];
  /** Those of them that are no command's arguments: redirection targets, loop lists, defaults. */
  readonly loose: readonly ShellWord[];
  readonly values: readonly AssignedValue[];
  /** Names of variables the text sets by assignment or as a loop variable. */
  readonly assigned: readonly string[];
  /** Names of variables the text expands. */
  readonly used: ReadonlySet<string>;
  readonly unresolved: readonly Unresolved[];
}

export type ParsedShell =
  | { readonly kind: 'parsed'; readonly script: ShellScript }
  | { readonly kind: 'unparsable'; readonly reason: string };

interface Reading {
  readonly dialect: Dialect;
  readonly commands: ShellWord[][];
  readonly words: ShellWord[];
  readonly loose: ShellWord[];
  readonly values: AssignedValue[];
  /** The arguments and assigned values read so far, by which a loose word is told. */
  readonly args: Set<SyntaxNode>;
  readonly assigned: string[];
  readonly used: Set<string>;
  readonly unresolved: Unresolved[];
  readonly errors: string[];
}

/** Parses shell text without running it. The parser reads GNU bash and recovers from errors; any error makes the text unparsable here. */
export function parseShell(text: string, dialect: Dialect): ParsedShell {
  const lists = { commands: [], words: [], loose: [], values: [], assigned: [], unresolved: [], errors: [] };
  const reading: Reading = { dialect, args: new Set(), used: new Set(), ...lists };
  const error = tryRead(text, reading) ?? reading.errors[0];
  return error === undefined ? { kind: 'parsed', script: reading } : { kind: 'unparsable', reason: error };
}

/** What opens something that has to be closed: with tens of thousands of them, nested or left open, the parser takes seconds. */
const OPENERS =
  /\$[({[]|`|<<|[<>@!?*+]?\(|\[\[|(?<![\w$])(?:if|for|while|until|select|case|coproc)(?!\w)|(?<!\S)\{(?!\S)/g;
const MAX_OPENERS = 500;
/** What separates commands and redirections, and lines: each makes a few nodes of the tree. */
const OPERATORS = /[;&|<>\n]/g;
const MAX_OPERATORS = 2048;

/** The parser, and the walk over its tree, are recursive: text nested deeply enough exhausts the stack. */
function tryRead(text: string, reading: Reading): string | undefined {
  if ((text.match(OPENERS)?.length ?? 0) > MAX_OPENERS) return `more than ${MAX_OPENERS} expansions and blocks`;
  if ((text.match(OPERATORS)?.length ?? 0) > MAX_OPERATORS) return `more than ${MAX_OPERATORS} operators and lines`;
  try {
    read(parse(text), reading);
    return undefined;
  } catch (thrown) {
    return thrown instanceof RangeError ? 'nested too deep' : String(thrown);
  }
}

function read(node: SyntaxNode, reading: Reading): void {
  readNode(node, reading);
  readDialect(node, reading);
  readEvaluated(node, reading);
  forEachChild(node, (child) => read(child, reading));
}

function readNode(node: SyntaxNode, reading: Reading): void {
  switch (node.type) {
    case 'Script':
      reading.errors.push(...(node.errors ?? []).map((error) => error.message));
      return;
    case 'Command':
      readCommand(node, reading);
      return;
    case 'Word':
      readWord(node, reading);
      return;
    case 'Assignment':
      readAssignment(node, reading);
      return;
    case 'SimpleExpansion':
      reading.used.add(node.text.slice(1));
      return;
    case 'ParameterExpansion':
      reading.used.add(node.parameter);
      reading.assigned.push(...assignedByDefault(node));
      return;
    case 'For':
    case 'Select':
      reading.assigned.push(node.name.value);
      return;
    case 'Function':
      reading.unresolved.push({ part: node.name.value, reason: 'a function definition can stand in for a command' });
      return;
    case 'CommandExpansion':
    case 'ProcessSubstitution':
    case 'ArithmeticCommandExpansion':
      if (node.script === undefined) reading.errors.push(`cannot read ${node.text}`);
  }
}

function readCommand(node: Command, reading: Reading): void {
  reading.commands.push(commandWords(node, reading.dialect));
  if (node.name !== undefined) reading.args.add(node.name);
  for (const arg of node.args) reading.args.add(arg);
}

function readWord(node: Word, reading: Reading): void {
  const word = toWord(node, reading.dialect);
  reading.words.push(word);
  if (!reading.args.has(node)) reading.loose.push(word);
}

function readAssignment(node: Assignment, reading: Reading): void {
  reading.assigned.push(node.name);
  if (node.value.type === 'ArrayValue') return;
  reading.args.add(node.value);
  reading.values.push({ name: node.name, value: toWord(node.value, reading.dialect) });
}

/** `${PATH:=value}` assigns. */
function assignedByDefault(node: Extract<SyntaxNode, { type: 'ParameterExpansion' }>): string[] {
  const operation = node.operation;
  return operation?.type === 'Default' && operation.operator.endsWith('=') ? [node.parameter] : [];
}

function commandWords(command: Command, dialect: Dialect): ShellWord[] {
  const name = command.name === undefined ? [] : [toWord(command.name, dialect)];
  return [...name, ...command.args.map((arg) => toArgument(arg, dialect))];
}

function toArgument(arg: Word | Assignment, dialect: Dialect): ShellWord {
  if (arg.type === 'Word') return toWord(arg, dialect);
  if (arg.value.type === 'ArrayValue' || arg.index !== undefined) return { text: arg.text, literal: false };
  const value = toWord(arg.value, dialect);
  return { text: `${arg.name}${arg.append ? '+=' : '='}${value.text}`, literal: value.literal };
}

function toWord(word: Word, dialect: Dialect): ShellWord {
  const literal = (word.parts ?? []).every((part) => isLiteral(part, dialect)) && !startsWithTilde(word.text);
  return { text: word.value, literal };
}

/** The parser leaves tildes alone; the shell replaces one at the start of a word or of an assigned value. */
function startsWithTilde(source: string): boolean {
  return /(?:^|[=:])~/.test(source);
}

function isLiteral(part: WordPart, dialect: Dialect): boolean {
  switch (part.type) {
    case 'Literal':
    case 'SingleQuoted':
      return true;
    case 'DoubleQuoted':
      return part.parts.every((inner) => inner.type === 'Literal');
    case 'AnsiCQuoted':
      return dialect === 'bash';
    default:
      return false;
  }
}

function readDialect(node: SyntaxNode, reading: Reading): void {
  if (reading.dialect === 'bash' || !isBashOnly(node)) return;
  const part = 'text' in node ? node.text : node.type;
  reading.unresolved.push({ part, reason: 'syntax only bash knows; another shell reads it differently' });
}

function readEvaluated(node: SyntaxNode, reading: Reading): void {
  const part = evaluatedPart(node);
  if (part !== undefined) reading.unresolved.push({ part, reason: 'bash runs code it finds in a number or a name' });
}
