import { posix } from 'node:path';
import { z } from 'zod';
import type { Kind } from '../variable.ts';

/** Why `entry` cannot stand in a list, or undefined. */
type Objection = (entry: string) => string | undefined;

function splitAtCommas(given: string): string[] {
  return given.split(',').map((entry) => entry.trim());
}

type Split = (given: string) => string[];

/** A comma-separated list without empty entries; `object` says what is wrong with an entry. */
function commaList(expected: string, object: Objection, split: Split = splitAtCommas): Kind<readonly string[]> {
  const objection: Objection = (entry) => (entry === '' ? 'it has an empty entry' : object(entry));
  return {
    parse: z.string().transform((given, context): readonly string[] => {
      const entries = split(given);
      const reason = entries.map(objection).find((found) => found !== undefined);
      if (reason !== undefined) context.addIssue({ code: 'custom', message: reason, input: given });
      return entries;
    }),
    expected,
  };
}

/** The same, and the empty text is the empty list. */
function commaListOrNone(expected: string, object: Objection): Kind<readonly string[]> {
  const split: Split = (given) => (given.trim() === '' ? [] : splitAtCommas(given));
  return commaList(`${expected}, or empty for none`, object, split);
}

function pathObjection(path: string): string | undefined {
  return path.startsWith('/') ? undefined : `${JSON.stringify(path)} is not absolute`;
}

/** `/proc//x/../y/` and `/proc/y` are one path to the rule that uses it. */
function normalPath(path: string): string {
  const normal = posix.normalize(path);
  return normal.length > 1 && normal.endsWith('/') ? normal.slice(0, -1) : normal;
}

const absolutePaths = commaListOrNone('comma-separated absolute paths', pathObjection);

export const paths: Kind<readonly string[]> = {
  ...absolutePaths,
  parse: absolutePaths.parse.transform((list): readonly string[] => list.map(normalPath)),
};

export const flags = commaListOrNone('comma-separated flags, each starting with "-"', (flag) =>
  /^--?[^\s-]\S*$/.test(flag) ? undefined : `${JSON.stringify(flag)} is not a flag`,
);

/** Characters of container names and of the globs over them; braces would clash with the list's commas. */
const NAME_GLOB = /^(?:[a-zA-Z0-9_.*?-]|\[[!^]?[a-zA-Z0-9_.-]+\])+$/;
const LABEL_RULE = /^label:[^=\s]+=/;

function containerObjection(entry: string): string | undefined {
  if (entry.startsWith('label:')) {
    return LABEL_RULE.test(entry) ? undefined : `${JSON.stringify(entry)} is not label:key=value`;
  }
  return NAME_GLOB.test(entry) ? undefined : `${JSON.stringify(entry)} is no glob over container names`;
}

export const containers = commaList(
  'comma-separated container name globs (*, ?, [a-z]) or label:key=value',
  containerObjection,
);
