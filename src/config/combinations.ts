import type { ConfigFault } from './fault.ts';
import type { Config, ConfigKey } from './schema.ts';
import { namesRoot } from './values/user.ts';

/** A rule over several variables that are each valid by themselves. */
export interface Combination {
  /** The rule is judged only where all of these could be read. */
  readonly keys: readonly ConfigKey[];
  readonly judge: (config: Config) => ConfigFault | undefined;
}

function judgeDefaultUser(config: Config): ConfigFault | undefined {
  const { defaultUser, allowRoot } = config;
  if (defaultUser === undefined || allowRoot || !namesRoot(defaultUser)) return undefined;
  return {
    name: 'MCP_DOCKER_DEFAULT_USER',
    expected: 'a user that is not root (uid 0 or gid 0) unless MCP_DOCKER_ALLOW_ROOT is true',
    given: defaultUser,
  };
}

const WITHOUT_PATTERNS = {
  allowlist: 'an allowlist without patterns would refuse every command',
  denylist: 'a denylist without patterns would refuse no command',
} as const;

function judgePatterns({ commandPolicyMode, commandPatterns }: Config): ConfigFault | undefined {
  if (commandPolicyMode === 'none' || commandPatterns.length > 0) return undefined;
  return {
    name: 'MCP_DOCKER_COMMAND_PATTERNS',
    expected: `at least one pattern with MCP_DOCKER_COMMAND_POLICY_MODE=${commandPolicyMode}`,
    given: '',
    detail: WITHOUT_PATTERNS[commandPolicyMode],
  };
}

export const COMBINATIONS: readonly Combination[] = [
  { keys: ['defaultUser', 'allowRoot'], judge: judgeDefaultUser },
  { keys: ['commandPolicyMode', 'commandPatterns'], judge: judgePatterns },
];
