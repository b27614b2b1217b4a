import type { Dialect } from '../dialect.ts';
import { lookIntoBuiltin } from './builtins.ts';
import { lookIntoFind } from './find.ts';
import { type Argv, type Finding, LEAF, unresolved } from './finding.ts';
import { lookIntoInterpreter } from './interpreters.ts';
import { lookIntoSed } from './sed.ts';
import { lookIntoShell } from './shells.ts';
import { lookForStarter } from './starters.ts';
import { lookForText, lookIntoWatch } from './texts.ts';
import { lookThroughWrapper } from './wrappers.ts';
import { lookIntoXargs } from './xargs.ts';

/** The last component of a program's path; the whole text where there is none. */
export function basename(text: string): string {
  return text.slice(text.lastIndexOf('/') + 1) || text;
}

/** What this argv runs, one level deep. `dialect` is the language of the shell around it. */
export function look(argv: Argv, dialect: Dialect): readonly Finding[] {
  const [program] = argv;
  if (program === undefined) return [];
  if (!program.literal) return unresolved(program.text, 'a command name computed when it runs');
  const name = basename(program.text);
  return (
    special(name, argv) ??
    lookIntoShell(name, argv) ??
    lookThroughWrapper(name, argv) ??
    lookIntoBuiltin(name, argv, dialect) ??
    lookIntoInterpreter(name, argv) ??
    lookIntoSed(name, argv) ??
    lookForStarter(name, argv) ??
    LEAF
  );
}

function special(name: string, argv: Argv): readonly Finding[] | undefined {
  switch (name) {
    case 'find':
      return lookIntoFind(argv);
    case 'xargs':
      return lookIntoXargs(argv);
    case 'su':
    case 'script':
      return lookForText(name, argv);
    case 'watch':
      return lookIntoWatch(argv);
    default:
      return undefined;
  }
}
