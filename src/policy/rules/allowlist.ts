import { commandLine } from '../commands.ts';
import type { Argv } from '../look/finding.ts';
import type { CommandPattern } from '../patterns.ts';
import { deny } from '../verdict.ts';
import type { ExecRule } from './rule.ts';
import { denyUnresolved } from './unresolved.ts';

/** Allowlist mode: every command inside matches one pattern, and everything inside could be resolved. */
export const allowlist: ExecRule = (_request, inside, policy) => {
  if (policy.mode !== 'allowlist') return undefined;
  const [open] = inside.unresolved;
  if (open !== undefined) return denyUnresolved('command.allowlist', open);
  // Without patterns not even a shell that runs nothing gets through.
  const judged = policy.patterns.length === 0 ? inside.argvs : inside.commands;
  const stranger = judged.find((argv) => !policy.patterns.some((pattern) => alwaysMatches(pattern, argv)));
  if (stranger === undefined) return undefined;
  return deny(
    'command.allowlist',
    commandLine(stranger),
    'This command matches none of the allowed patterns',
    allowedHint(policy.patterns),
  );
};

const EVERY_CHARACTER = `${String.fromCharCode(...Array.from({ length: 95 }, (_, index) => 32 + index))}\té\n`;

/** What a word computed at run time may turn out to be; a pattern that matches all of these does not depend on it. */
const PROBES = ['', ...[...'-/.~a0 $'].map((first) => `${first}${EVERY_CHARACTER}`)];

function alwaysMatches(pattern: CommandPattern, argv: Argv): boolean {
  if (argv.every((word) => word.literal)) return pattern.matches(commandLine(argv));
  return PROBES.every((probe) =>
    pattern.matches(commandLine(argv.map((word) => (word.literal ? word : { ...word, text: probe })))),
  );
}

function allowedHint(patterns: readonly CommandPattern[]): string {
  if (patterns.length === 0) return 'MCP_DOCKER_COMMAND_PATTERNS is empty, so nothing is allowed.';
  const shown = patterns.slice(0, 10).map((pattern) => pattern.source);
  return `Allowed (MCP_DOCKER_COMMAND_PATTERNS): ${shown.join('  ').slice(0, 400)}`;
}
