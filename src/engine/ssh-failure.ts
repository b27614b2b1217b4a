import { UnreachableError } from './unreachable.ts';

/** How an ssh that should have been a connection ended. */
export interface SshEnd {
  /** null: a signal ended it. */
  readonly code: number | null;
  readonly stderr: string;
}

/** ssh's own exit code for whatever kept it from running the remote command. */
const SSH_FAILED = 255;
const NOT_FOUND = 127;
const MOST_SHOWN = 400;

const CHECK_BY_HAND = 'Check that ssh reaches the host without asking anything: ssh -o BatchMode=yes';

/** What OpenSSH's sentences mean to who has to mend it. They are never translated; one that is not here is shown as it is. */
const HINTS: readonly (readonly [RegExp, string])[] = [
  [
    /REMOTE HOST IDENTIFICATION HAS CHANGED/,
    'The host key is another one than ssh knows: somebody may be listening in, or the host was set up anew. If you know that it was, remove the old key with ssh-keygen -R HOST and connect once by hand.',
  ],
  [
    /Host key verification failed/,
    'ssh does not know the host key yet and asks nobody here: connect once by hand (ssh HOST), compare the fingerprint and accept it.',
  ],
  [
    /Permission denied/,
    'The host accepted none of the keys ssh has without asking: load the key into ssh-agent or name it in ~/.ssh/config, and check the user name.',
  ],
  [/Could not resolve hostname/, 'The host name is not known: correct DOCKER_HOST or the context.'],
  [
    /Connection refused|timed out|No route to host|Network is unreachable/,
    'Nothing answers there: check host, port and that sshd runs.',
  ],
];

function hintOf({ code, stderr }: SshEnd): string {
  if (code === NOT_FOUND) {
    return 'The docker command is not on the PATH that the host gives to ssh commands: install the Docker CLI there.';
  }
  if (code !== SSH_FAILED) {
    return 'ssh reached the host, but its docker command did not reach the engine: try docker version there, as that user.';
  }
  return HINTS.find(([sentence]) => sentence.test(stderr))?.[1] ?? `${CHECK_BY_HAND}.`;
}

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

/** Whether the host turned us away as one too many (sshd's MaxStartups): the next attempt may be let in. */
export function turnedAway({ code, stderr }: SshEnd): boolean {
  return code === SSH_FAILED && /^(?:kex_exchange_identification|Connection (?:closed|reset) by)/m.test(stderr);
}
