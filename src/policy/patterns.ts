import { RE2JS } from 're2js';
import { AppError } from '../errors.ts';

/** One of MCP_DOCKER_COMMAND_PATTERNS: searched for in a command line, so anchors are the operator's own. */
export interface CommandPattern {
  readonly source: string;
  readonly matches: (commandLine: string) => boolean;
  /** What every match must begin with; '' where that cannot be told. */
  readonly start: string;
}

/** Throws AppError INVALID_ARGUMENT on syntax RE2 does not have. */
export function compilePattern(source: string): CommandPattern {
  const regex = compile(source);
  return { source, matches: (line) => regex.matcher(line).find(), start: literalStart(source) };
}

function compile(source: string): RE2JS {
  try {
    return RE2JS.compile(source);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new AppError(
      'INVALID_ARGUMENT',
      `MCP_DOCKER_COMMAND_PATTERNS: expected RE2 syntax, given ${JSON.stringify(source)}: ${why}`,
      {
        cause,
      },
    );
  }
}

/**
 * The plain characters after `^`. A character that a quantifier makes optional does not count, and nothing does where the pattern
 * has alternatives (`^rm|reboot`); those within a group, as in `^rm( |$)`, come after the start.
 */
function literalStart(source: string): string {
  if (outsideGroups(source).includes('|')) return '';
  const match = /^\^([\w /-]*)([?*{+])?/.exec(source);
  const [, plain = '', quantifier] = match ?? [];
  return quantifier === undefined ? plain : plain.slice(0, -1);
}

/** A pattern without escapes, classes and groups; what is nested too deep stays, which errs on the side of alternatives. */
function outsideGroups(source: string): string {
  let rest = source.replace(/\\Q[\s\S]*?(?:\\E|$)|\\[\s\S]/g, '').replace(/\[\^?\]?[^\]]*\]/g, '');
  for (let depth = 0; depth < 8; depth++) rest = rest.replace(/\([^()]*\)/g, '');
  return rest;
}
