import { commandLine } from '../commands.ts';
import type { Argv } from '../look/finding.ts';
import type { CommandPattern } from '../patterns.ts';
import { deny } from '../verdict.ts';
import type { ExecRule } from './rule.ts';
import { denyUnresolved } from './unresolved.ts';

/** Denylist mode: no argv on the way, shells and wrappers included, matches or could match a pattern, and all could be resolved. */
export const denylist: ExecRule = (_request, inside, policy) => {
  if (policy.mode !== 'denylist') return undefined;
  const [open] = inside.unresolved;
  if (open !== undefined) return denyUnresolved('command.denylist', open);
  for (const argv of inside.argvs) {
    const pattern = policy.patterns.find((candidate) => couldMatch(candidate, argv));
    if (pattern !== undefined) {
      return deny(
        'command.denylist',
        commandLine(argv),
        `This command matches, or could match when it runs, the denied pattern ${pattern.source}`,
        'Use another command, or write its arguments out. MCP_DOCKER_COMMAND_PATTERNS lists the denied patterns.',
      );
    }
  }
  return undefined;
};

/** With a word computed at run time only the words before it are certain: the pattern must contradict those. */
function couldMatch(pattern: CommandPattern, argv: Argv): boolean {
  const computed = argv.findIndex((word) => !word.literal);
  if (computed === -1) return pattern.matches(commandLine(argv));
  const certain = commandLine(argv.slice(0, computed));
  return pattern.start.startsWith(certain) || certain.startsWith(pattern.start);
}
