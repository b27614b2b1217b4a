import type { ShellWord } from '../shell.ts';
import { type Argv, type Finding, LEAF, unresolved } from './finding.ts';

const EXEC: ReadonlySet<string> = new Set(['-exec', '-execdir', '-ok', '-okdir']);
/** Actions by which find itself changes files; with one of them it is a command of its own beside what it runs. */
const WRITING: ReadonlySet<string> = new Set(['-delete', '-fls', '-fprint', '-fprint0', '-fprintf']);

/** The commands of `find … -exec`; a find without one is an ordinary command. */
export function lookIntoFind(argv: Argv): readonly Finding[] {
  const computed = argv.find((word) => !word.literal);
  if (computed !== undefined) return unresolved(computed.text, 'an argument of find is computed when it runs');
  const findings: Finding[] = [];
  for (const [index, word] of argv.entries()) {
    if (!EXEC.has(word.text)) continue;
    const end = execEnd(argv, index + 1);
    if (end === -1) return unresolved(word.text, 'this action of find has no end');
    findings.push({ kind: 'command', argv: argv.slice(index + 1, end).map(markPlaceholder) });
  }
  const actsItself = findings.length === 0 || argv.some((word) => WRITING.has(word.text));
  return actsItself ? [...findings, ...LEAF] : findings;
}

/** `;` ends the command, and so does a `+` right after `{}`. */
function execEnd(argv: Argv, start: number): number {
  return argv.findIndex(
    ({ text }, index) =>
      index >= start && (text === ';' || (text === '+' && index > start && argv[index - 1]?.text === '{}')),
  );
}

function markPlaceholder(word: ShellWord): ShellWord {
  return word.text.includes('{}') ? { ...word, literal: false } : word;
}
