import type { Case } from './case.ts';
import { commandCases } from './corpus/commands.ts';
import { ordinaryCases } from './corpus/ordinary.ts';
import { containerCases, flagCases, hostCases, inputCases, variableCases } from './corpus/others.ts';
import { pathCases } from './corpus/paths.ts';
import { unreadableCases } from './corpus/unreadable.ts';
import { userCases } from './corpus/users.ts';

/** Every call of the adversarial corpus, and the ordinary ones beside it. */
export const CORPUS: readonly Case[] = [
  ...inputCases,
  ...userCases,
  ...commandCases,
  ...unreadableCases,
  ...variableCases,
  ...pathCases,
  ...flagCases,
  ...containerCases,
  ...hostCases,
  ...ordinaryCases,
];
