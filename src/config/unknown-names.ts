import type { ConfigFault } from './fault.ts';

const PREFIX = 'MCP_DOCKER_';
/** More edits than this and a suggestion would be a guess. */
const MAX_EDITS = 3;
const SECRET_NAME = /TOKEN|SECRET|PASSW|KEY|CREDENTIAL/i;

/** Number of single-character edits between two texts (Levenshtein). */
function editsBetween(left: string, right: string): number {
  let previous = Array.from({ length: right.length + 1 }, (_, column) => column);
  for (const [row, leftCharacter] of [...left].entries()) {
    const current = [row + 1];
    for (const [column, rightCharacter] of [...right].entries()) {
      const replaced = (previous[column] ?? 0) + (leftCharacter === rightCharacter ? 0 : 1);
      current.push(Math.min(replaced, (previous[column + 1] ?? 0) + 1, (current[column] ?? 0) + 1));
    }
    previous = current;
  }
  return previous[right.length] ?? 0;
}

function nearest(name: string, known: readonly string[]): string | undefined {
  const ranked = known
    .map((candidate) => ({ candidate, edits: editsBetween(name.toUpperCase(), candidate) }))
    .sort((left, right) => left.edits - right.edits);
  const best = ranked[0];
  return best !== undefined && best.edits <= MAX_EDITS ? best.candidate : undefined;
}

function unknownFault(name: string, value: string, known: readonly string[]): ConfigFault {
  const suggestion = nearest(name, known);
  return {
    name,
    expected: 'a known MCP_DOCKER_* variable',
    ...(SECRET_NAME.test(name) ? {} : { given: value }),
    detail: suggestion === undefined ? 'unknown variable, see --help' : `unknown variable, did you mean ${suggestion}?`,
  };
}

/** A misspelled variable would silently leave a limit or rule at its default, so every unknown name is a fault. */
export function unknownNames(
  environment: Readonly<Record<string, string | undefined>>,
  known: readonly string[],
): ConfigFault[] {
  return Object.entries(environment).flatMap(([name, value]) =>
    value !== undefined && name.toUpperCase().startsWith(PREFIX) && !known.includes(name)
      ? [unknownFault(name, value, known)]
      : [],
  );
}
