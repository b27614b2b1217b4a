import { homedir } from 'node:os';
import { join } from 'node:path';
import { withoutPassword } from '../fault.ts';
import { nonEmptyIsTrue, text } from '../values/scalar.ts';
import { optionalVariable, variable } from '../variable.ts';

/** Where the Docker CLI keeps its files; an account without a home has them under the root, as with HOME=/. */
function dockerDirectory(): string {
  try {
    return join(homedir(), '.docker');
  } catch {
    return join('/', '.docker');
  }
}

/** The Docker CLI's own variables, read as it reads them. */
export const engineVariables = {
  dockerHost: optionalVariable(
    'DOCKER_HOST',
    text('an engine address: unix://, npipe://, tcp:// or ssh://'),
    "The engine's address; wins over DOCKER_CONTEXT",
    { mask: withoutPassword },
  ),
  dockerContext: optionalVariable(
    'DOCKER_CONTEXT',
    text('the name of a Docker context'),
    "The Docker context to use; wins over the Docker configuration's current one",
  ),
  dockerTlsVerify: variable(
    'DOCKER_TLS_VERIFY',
    nonEmptyIsTrue,
    false,
    'Use TLS and verify the engine; any text means yes',
    { shownDefault: 'unset', emptyIsUnset: true },
  ),
  dockerCertPath: optionalVariable(
    'DOCKER_CERT_PATH',
    text('a directory'),
    'Directory of `ca.pem`, `cert.pem` and `key.pem`',
    { shownDefault: 'DOCKER_CONFIG' },
  ),
  dockerConfig: variable(
    'DOCKER_CONFIG',
    text('a directory'),
    dockerDirectory(),
    'Directory of the Docker configuration and contexts',
    { shownDefault: '~/.docker', emptyIsUnset: true },
  ),
};
