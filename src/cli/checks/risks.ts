import type { Config } from '../../config/schema.ts';
import type { Check } from './check.ts';

interface Risk {
  readonly applies: (config: Config) => boolean;
  readonly detail: string;
  readonly mend: string;
}

const RISKS: readonly Risk[] = [
  {
    applies: ({ security }) => !security,
    detail: 'no rule over users, commands, paths, flags or containers is applied',
    mend: 'Unset MCP_DOCKER_SECURITY unless this is meant.',
  },
  {
    applies: ({ allowRoot }) => allowRoot,
    detail: 'commands may run as root',
    mend: 'Unset MCP_DOCKER_ALLOW_ROOT unless this is meant.',
  },
  {
    applies: ({ allowHostAccess }) => allowHostAccess,
    detail: 'commands may run in containers that have the host in their reach',
    mend: 'Unset MCP_DOCKER_ALLOW_HOST_ACCESS unless this is meant.',
  },
  {
    applies: ({ commandPolicyMode, commandPatterns }) => commandPolicyMode === 'none' && commandPatterns.length > 0,
    detail: 'the command patterns are not used',
    mend: 'Set MCP_DOCKER_COMMAND_POLICY_MODE to allowlist or denylist.',
  },
  {
    applies: ({ commandPolicyMode, commandPatterns }) =>
      commandPolicyMode === 'allowlist' && commandPatterns.length === 0,
    detail: 'the allowlist has no patterns, so every command is refused',
    mend: 'Set MCP_DOCKER_COMMAND_PATTERNS to what may run.',
  },
  {
    applies: ({ commandPolicyMode, commandPatterns }) =>
      commandPolicyMode === 'denylist' && commandPatterns.length === 0,
    detail: 'the denylist has no patterns, so only what cannot be checked without running it is refused',
    mend: 'Set MCP_DOCKER_COMMAND_PATTERNS to what may not run.',
  },
];

/** A warning for every setting that opens what is closed by default, or that is likely not meant. */
export function checkRisks(config: Config): Check[] {
  const found = RISKS.filter(({ applies }) => applies(config));
  if (found.length === 0) return [{ name: 'security', status: 'ok', detail: 'nothing is opened beyond the defaults' }];
  return found.map(({ detail, mend }) => ({ name: 'security', status: 'warn', detail, mend }));
}
