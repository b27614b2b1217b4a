import { containers, flags, paths } from '../values/list.ts';
import { patterns } from '../values/patterns.ts';
import { boolean, oneOf, wholeNumber } from '../values/scalar.ts';
import { user } from '../values/user.ts';
import { optionalVariable, variable } from '../variable.ts';

/** What a call may do. */
export const policyVariables = {
  security: variable(
    'MCP_DOCKER_SECURITY',
    boolean,
    true,
    'false turns off every rule over users, commands, paths, flags and containers',
  ),
  defaultUser: optionalVariable(
    'MCP_DOCKER_DEFAULT_USER',
    user,
    'User a command runs as when the call names none; must not mean root unless root is allowed',
  ),
  allowRoot: variable('MCP_DOCKER_ALLOW_ROOT', boolean, false, 'Allow commands to run as uid 0 or with gid 0'),
  commandPolicyMode: variable(
    'MCP_DOCKER_COMMAND_POLICY_MODE',
    oneOf(['allowlist', 'denylist', 'none']),
    'none',
    'Whether commands must match, must not match, or may be anything',
  ),
  commandPatterns: variable(
    'MCP_DOCKER_COMMAND_PATTERNS',
    patterns,
    [],
    'Patterns of that list; a JSON array where a pattern has a comma',
    { shownDefault: 'empty', emptyIsUnset: true },
  ),
  deniedPaths: variable(
    'MCP_DOCKER_DENIED_PATHS',
    paths,
    ['/proc', '/sys', '/dev'],
    'Paths no argument may name; harmless devices such as /dev/null are always allowed',
  ),
  deniedFlags: variable(
    'MCP_DOCKER_DENIED_FLAGS',
    flags,
    ['--privileged', '--pid=host', '--net=host'],
    'Flags no argument may be, also in their `--pid host` form',
  ),
  // Empty would open every container to whoever meant to list some: the variable must be left out for that.
  allowedContainers: optionalVariable(
    'MCP_DOCKER_ALLOWED_CONTAINERS',
    containers,
    'The only containers to run in, read logs of, inspect and list',
    { shownDefault: 'unset (all)', emptyIsUnset: false },
  ),
  allowHostAccess: variable(
    'MCP_DOCKER_ALLOW_HOST_ACCESS',
    boolean,
    false,
    'Allow commands in containers that have the host in their reach: privileged, engine socket, host namespaces, `/` mounted',
  ),
  rateLimits: variable('MCP_DOCKER_RATE_LIMITS', boolean, true, 'Limit how many calls are taken a minute'),
  execPerMinute: variable(
    'MCP_DOCKER_EXEC_PER_MINUTE',
    wholeNumber(1, 1_000_000),
    60,
    'docker_exec calls a minute, and how many may come at once',
  ),
  logsPerMinute: variable(
    'MCP_DOCKER_LOGS_PER_MINUTE',
    wholeNumber(1, 1_000_000),
    30,
    'docker_logs calls a minute, and how many may come at once',
  ),
};
