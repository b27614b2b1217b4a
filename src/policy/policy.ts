import type { Config } from '../config/schema.ts';
import { type ContainerMatcher, compileContainerMatcher } from './containers.ts';
import { absolutePath } from './paths.ts';
import { type CommandPattern, compilePattern } from './patterns.ts';

/** The operator's policy, compiled once. */
export interface Policy {
  /** false with MCP_DOCKER_SECURITY=false: everything is allowed. */
  readonly enforced: boolean;
  readonly mode: Config['commandPolicyMode'];
  readonly patterns: readonly CommandPattern[];
  readonly deniedPaths: readonly string[];
  readonly deniedFlags: readonly string[];
  /** undefined: every container. */
  readonly allowedContainers: readonly ContainerMatcher[] | undefined;
  readonly allowHostAccess: boolean;
}

export type PolicyConfig = Pick<
  Config,
  | 'security'
  | 'commandPolicyMode'
  | 'commandPatterns'
  | 'deniedPaths'
  | 'deniedFlags'
  | 'allowedContainers'
  | 'allowHostAccess'
>;

/** Throws AppError INVALID_ARGUMENT where a pattern cannot be compiled. */
export function compilePolicy(config: PolicyConfig): Policy {
  return {
    enforced: config.security,
    mode: config.commandPolicyMode,
    patterns: config.commandPatterns.map(compilePattern),
    deniedPaths: config.deniedPaths.map((path) => absolutePath('/', path)),
    deniedFlags: config.deniedFlags,
    allowedContainers: config.allowedContainers?.map(compileContainerMatcher),
    allowHostAccess: config.allowHostAccess,
  };
}
