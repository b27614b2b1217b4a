import { RE2JS } from 're2js';
import { z } from 'zod';
import type { Kind } from '../variable.ts';

const jsonList = z.array(z.string());

/** The patterns' texts, or undefined where a JSON array was begun but is none. */
function split(given: string): readonly string[] | undefined {
  if (!given.startsWith('[')) return given.split(',').map((pattern) => pattern.trim());
  try {
    return jsonList.safeParse(JSON.parse(given)).data;
  } catch {
    return undefined;
  }
}

/** `^a{1,3}$` cut at its comma: both halves compile, and match something else than was meant. */
const CUT_REPETITION = /\{[0-9]+$/;

/** Why a pattern cannot be used, or undefined. An empty one would match every command. */
function objection(pattern: string): string | undefined {
  if (pattern === '') return 'it has an empty pattern';
  if (CUT_REPETITION.test(pattern)) return 'a pattern with a comma needs the JSON array';
  try {
    RE2JS.compile(pattern);
    return undefined;
  } catch (thrown) {
    const reason = thrown instanceof Error ? thrown.message : String(thrown);
    return `${JSON.stringify(pattern)} does not compile: ${reason}`;
  }
}

function problemOf(found: readonly string[] | undefined): string | undefined {
  if (found === undefined) return 'it starts with "[" but is not a JSON array of strings';
  return found.map(objection).find((reason) => reason !== undefined);
}

/** Linear-time (RE2) patterns, so that no command text can make a check slow. */
export const patterns: Kind<readonly string[]> = {
  parse: z.string().transform((given, context): readonly string[] => {
    const found = split(given.trim());
    const problem = problemOf(found);
    if (problem !== undefined) context.addIssue({ code: 'custom', message: problem, input: given });
    return found ?? [];
  }),
  expected: 'comma-separated RE2 patterns, or a JSON array of them',
};
