import { SSH_FAILED, type SshEnd, TURNED_AWAY } from './end.ts';

const NOT_FOUND = 127;

const CHECK_BY_HAND = 'Check that ssh reaches the host without asking anything: ssh -o BatchMode=yes HOST true';
const CHECK_DOCKER =
  'ssh reached the host, but its docker command did not reach the engine: try docker version there, as that user.';

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
    /UNPROTECTED PRIVATE KEY FILE/,
    'ssh does not use a private key that others can read: chmod 600 the key file that it names.',
  ],
  [
    /Bad owner or permissions on|Bad configuration option|terminating, \d+ bad configuration options/,
    'ssh does not accept its own configuration: mend the file and line that it names.',
  ],
  [
    /Too many authentication failures/,
    'ssh offered more keys than the host lets try: name the right one in ~/.ssh/config (IdentityFile, IdentitiesOnly yes).',
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
  [
    TURNED_AWAY,
    'The host closes connections before they log in: too many are logging in at once (MaxStartups in its sshd_config), or it bars this address for a while (fail2ban, PerSourcePenalties). Try again later.',
  ],
  [
    /^Timeout, server .* not responding|closed by remote host|Broken pipe/m,
    'The host or the way to it went away. The next call connects anew: check the network, then try again.',
  ],
];

/** What Docker's own command says over there, in words of Go and the system's that are never translated either. */
const DOCKER_HINTS: readonly (readonly [RegExp, string])[] = [
  [
    /dial unix .*permission denied|permission denied while trying to connect/i,
    'That user may not use the engine of the host: add the user to the docker group there (sudo usermod -aG docker USER), or name the socket of a rootless engine (ssh://HOST/run/user/UID/docker.sock).',
  ],
  [
    /connection refused|no such file or directory|Cannot connect to the Docker daemon/i,
    'ssh reached the host, but no engine listens at that socket there: start the engine, or name its socket (ssh://HOST/PATH).',
  ],
  [
    /is not a docker command|unknown command/i,
    'The Docker CLI of the host is too old for connections through ssh: it needs docker 18.09 or later.',
  ],
];

/** What to do about an ssh that ended so. */
export function hintOf({ code, stderr }: SshEnd): string {
  if (code === NOT_FOUND) {
    return 'The docker command is not on the PATH that the host gives to ssh commands: install the Docker CLI there.';
  }
  const ours = code === SSH_FAILED || code === null;
  const known = (ours ? HINTS : DOCKER_HINTS).find(([sentence]) => sentence.test(stderr))?.[1];
  return known ?? (ours ? CHECK_BY_HAND : CHECK_DOCKER);
}
