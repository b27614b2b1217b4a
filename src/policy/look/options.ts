import type { Argv } from './finding.ts';

/** The options of one program: which stand alone and which take the next argument. Anything else is unknown, so unsafe to skip. */
export interface OptionTable {
  /** Short options without a value, as letters. */
  readonly flags?: string;
  /** Short options whose value is glued on or is the next argument. */
  readonly values?: string;
  /** Long options without a value or with an optional `=value`, without the dashes. */
  readonly longFlags?: readonly string[];
  /** Long options whose value follows `=` or is the next argument. */
  readonly longValues?: readonly string[];
  /** Whether `-5` is an option, as for nice. */
  readonly numeric?: boolean;
}

export type Skipped =
  | { readonly kind: 'operands'; readonly from: number }
  | { readonly kind: 'unknown'; readonly part: string; readonly reason: string };

/** Where the operands of `argv` begin, searching from index `start`. A word computed at run time could be an option, so it is unknown. */
export function skipOptions(argv: Argv, start: number, table: OptionTable): Skipped {
  let index = start;
  for (let word = argv[index]; word !== undefined; word = argv[index]) {
    if (!word.literal) return { kind: 'unknown', part: word.text, reason: 'an argument computed when it runs' };
    if (word.text === '--') return { kind: 'operands', from: index + 1 };
    if (word.text === '-' || !word.text.startsWith('-')) break;
    const taken = optionWords(word.text, table);
    if (taken === 0) return { kind: 'unknown', part: word.text, reason: 'an option this server does not know' };
    index += taken;
  }
  return { kind: 'operands', from: index };
}

/** How many arguments the option at hand takes up, itself included; 0: not in the table. */
function optionWords(option: string, table: OptionTable): number {
  if (option.startsWith('--')) return longOptionWords(option.slice(2), table);
  if (table.numeric === true && /^-\+?\d+$/.test(option)) return 1;
  return clusterWords(option.slice(1), table);
}

function longOptionWords(option: string, table: OptionTable): number {
  const [name = ''] = option.split('=', 1);
  if (table.longFlags?.includes(name)) return 1;
  if (!table.longValues?.includes(name)) return 0;
  return option.includes('=') ? 1 : 2;
}

function clusterWords(letters: string, table: OptionTable): number {
  for (const [index, letter] of [...letters].entries()) {
    if (table.values?.includes(letter)) return index === letters.length - 1 ? 2 : 1;
    if (!table.flags?.includes(letter)) return 0;
  }
  return 1;
}
