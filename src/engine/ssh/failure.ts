import { UnreachableError } from '../unreachable.ts';
import type { SshEnd } from './end.ts';
import { hintOf } from './hints.ts';

const MOST_SHOWN = 400;

/** The last lines, which say why; what comes before are banners and frames of @ signs. */
function shown(stderr: string): string {
  const lines = stderr.split(/\r?\n/).filter((line) => /\w/.test(line));
  return lines.slice(-2).join(' ').slice(-MOST_SHOWN).trim();
}

/** The failure of an ssh that ended: before it was a connection, unless `code` says otherwise. */
export function sshFailure(end: SshEnd, code: 'ERR_SSH' | 'ECONNRESET' = 'ERR_SSH'): UnreachableError {
  const said = shown(end.stderr);
  const how = end.code === null ? 'a signal ended it' : `it ended with exit code ${end.code}`;
  return new UnreachableError(`ssh: ${said === '' ? how : said}`, code, hintOf(end));
}

function seconds(ms: number): string {
  return `${(ms / 1_000).toFixed(1)} s`;
}

/** A login that is not done yet. `before`: what the one before it came to, where nobody was told. */
export function stillUnderWay(ms: number, before: UnreachableError | undefined): UnreachableError {
  const past = before === undefined ? '' : `; the one before came to nothing (${before.message})`;
  return new UnreachableError(
    `the ssh login is still under way after ${seconds(ms)}${past}`,
    'ERR_SSH',
    before?.hint ??
      'It goes on and is for the next call: try again in some seconds. Where it never ends, ssh -v HOST true shows what it waits for.',
  );
}

/** A login that is given up. */
export function endless(ms: number): UnreachableError {
  return new UnreachableError(
    `ssh: no connection to the engine stood after ${seconds(ms)}`,
    'ERR_SSH',
    'The host, its login or its engine does not answer: try ssh HOST docker version by hand; ssh -v shows what it waits for.',
  );
}

/** Something on the remote host wrote to stdout before Docker's own command could. */
export function notAnEngine(said: string): UnreachableError {
  return new UnreachableError(
    `ssh: the host printed ${JSON.stringify(said.slice(0, 80))} where an engine should answer`,
    'ERR_SSH',
    'A start file of the shell on that host (.bashrc) prints something for commands without a terminal: make it silent there.',
  );
}

/** There is no ssh on this machine. */
export function noSsh(cause: Error): UnreachableError {
  return new UnreachableError(
    `ssh: ${cause.message}`,
    'ERR_SSH',
    'Install the OpenSSH client, so that ssh is on the PATH.',
  );
}
