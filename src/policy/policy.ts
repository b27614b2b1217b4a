import type { Config } from '../config/schema.ts';
import { type ContainerMatcher, compileContainerMatcher } from './containers.ts';
import { absolutePath, mentionOf } from './paths.ts';
import { type CommandPattern, compilePattern } from './patterns.ts';

/** The operator's policy, compiled once. */
export interface Policy {
  /** false with MCP_DOCKER_SECURITY=false: everything is allowed. */
  readonly enforced: boolean;
  readonly mode: Config['commandPolicyMode'];
  readonly patterns: readonly CommandPattern[];
  readonly deniedPaths: readonly string[];
  /** Found in every literal text that can name a denied path. */
  readonly mention: RegExp;
  readonly deniedFlags: readonly string[];
  /** undefined: every container. */
  readonly allowedContainers: readonly ContainerMatcher[] | undefined;
  readonly allowHostAccess: boolean;
  /** Path of the socket this server itself uses, where it is one and stated. */
  readonly engineSocket: string | undefined;
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
> &
  Partial<Pick<Config, 'dockerHost'>>;

/** Throws AppError INVALID_ARGUMENT where a pattern cannot be compiled. */
export function compilePolicy(config: PolicyConfig): Policy {
  const deniedPaths = config.deniedPaths.map((path) => absolutePath('/', path));
  return {
    enforced: config.security,
    mode: config.commandPolicyMode,
    patterns: config.commandPatterns.map(compilePattern),
    deniedPaths,
    mention: mentionOf(deniedPaths),
    deniedFlags: config.deniedFlags,
    allowedContainers: config.allowedContainers?.map(compileContainerMatcher),
    allowHostAccess: config.allowHostAccess,
    engineSocket: socketPath(config.dockerHost),
  };
}

function socketPath(dockerHost: string | undefined): string | undefined {
  const path = /^unix:\/\/(\/.*)$/.exec(dockerHost ?? '')?.[1];
  return path === undefined ? undefined : absolutePath('/', path);
}
