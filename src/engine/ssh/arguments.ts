import type { SshEndpoint } from '../endpoint.ts';

/**
 * The first three as the Docker CLI has them. The last ends an ssh within a minute whose link is dead without a word (the machine
 * slept, a NAT forgot the connection): a run over it would wait for ever.
 */
const OPTIONS = ['-T', '-o', 'BatchMode=yes', '-o', 'ConnectTimeout=30', '-o', 'ServerAliveInterval=15'] as const;

/**
 * What ssh is started with, so that its stdin and stdout are a connection to the engine. All else is the user's own configuration.
 * The address was checked (`address.ts`): nothing in it is an option, or anything else than a word to the shell over there.
 */
export function sshArguments({ host, user, port, path }: SshEndpoint): string[] {
  const userOption = user === undefined ? [] : ['-l', user];
  const portOption = port === undefined ? [] : ['-p', String(port)];
  const socketOption = path === undefined ? [] : ['--host', `unix://${path}`];
  return [...OPTIONS, ...userOption, ...portOption, '--', host, 'docker', ...socketOption, 'system', 'dial-stdio'];
}
