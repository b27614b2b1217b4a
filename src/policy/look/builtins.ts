import type { Dialect } from '../dialect.ts';
import { type Argv, type Finding, joinedText, LEAF, unresolved } from './finding.ts';

/** Builtins after which a name may no longer mean what it says, or that run code kept elsewhere. */
const REDEFINING: Readonly<Record<string, string>> = {
  '.': 'a shell script in a file',
  source: 'a shell script in a file',
  alias: 'an alias can stand in for a command',
  bind: 'runs commands on key strokes',
  compgen: 'runs commands to complete a word',
  complete: 'runs commands to complete a word',
  enable: 'changes what a command name means',
  fc: 'runs commands from the history',
  hash: 'changes what a command name means',
  let: 'bash runs code it finds in a number',
  mapfile: 'can run a callback',
  readarray: 'can run a callback',
};

/** Builtins whose operands name variables they set. */
const SETTING: ReadonlySet<string> = new Set([
  'declare',
  'export',
  'getopts',
  'local',
  'read',
  'readonly',
  'typeset',
  'unset',
]);

/** What a shell builtin runs or changes; undefined where `name` is none of those that matter. */
export function lookIntoBuiltin(name: string, argv: Argv, dialect: Dialect): readonly Finding[] | undefined {
  if (name === 'eval') return joinedText(argv.slice(1), dialect);
  if (name === 'trap') return lookIntoTrap(argv, dialect);
  if (SETTING.has(name)) return setNames(argv.slice(1));
  if (name === 'printf' && argv[1]?.text.startsWith('-v'))
    return setNames([{ ...argv[1], text: argv[1].text.slice(2) }, ...argv.slice(2, 3)]);
  if (name === 'test' || name === '[') return lookIntoTest(argv);
  if (!Object.hasOwn(REDEFINING, name)) return undefined;
  return unresolved(argv[1]?.text ?? name, REDEFINING[name] ?? name);
}

function lookIntoTrap(argv: Argv, dialect: Dialect): readonly Finding[] {
  const operands = argv.slice(1).filter((word) => word.text !== '--');
  const [action] = operands;
  const runsNothing =
    action === undefined || operands.length === 1 || /^-[lp]?$/.test(action.text) || action.text === '';
  return runsNothing ? LEAF : [...joinedText([action], dialect), ...LEAF];
}

/** `test -v 'a[$(…)]'` runs what is in the subscript. */
function lookIntoTest(argv: Argv): readonly Finding[] {
  const part = argv.find(
    ({ text, literal }, index) => argv[index - 1]?.text === '-v' && !(literal && /^\w+$/.test(text)),
  );
  return part === undefined ? LEAF : unresolved(part.text, 'bash runs code it finds in the name of a variable');
}

/** `declare -n` makes one name stand for another, and `-i` a value be evaluated. */
function setNames(operands: Argv): readonly Finding[] {
  const computed = operands.find((word) => !word.literal && !/^[A-Za-z_]\w*\+?=/.test(word.text));
  if (computed !== undefined) return unresolved(computed.text, 'the name of a variable is computed when it runs');
  const changing = operands.find(({ text }) => /^[-+][A-Za-z]*[in]/.test(text) || /^\w+\[/.test(text));
  if (changing !== undefined) return unresolved(changing.text, 'changes what setting a variable means');
  return [...operands.map(({ text }): Finding => ({ kind: 'assigns', name: text.split(/\+?=/, 1)[0] ?? '' })), ...LEAF];
}
