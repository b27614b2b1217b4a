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

export const COMBINATIONS: readonly Combination[] = [{ keys: ['defaultUser', 'allowRoot'], judge: judgeDefaultUser }];
