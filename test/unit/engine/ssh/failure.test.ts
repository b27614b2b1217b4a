import { describe, expect, it } from 'vitest';
import { toEngineError } from '../../../../src/engine/failure.ts';
import { sshFailure } from '../../../../src/engine/ssh/failure.ts';

const FRAME = '@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@\r\n';

/** What OpenSSH 9.2 and Docker's client wrote to stderr, with their exit codes. */
const SAID: readonly (readonly [string, number, string, RegExp])[] = [
  [
    'a host key that changed',
    255,
    `${FRAME}@    WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED!     @\r\n${FRAME}IT IS POSSIBLE THAT SOMEONE IS DOING SOMETHING NASTY!\r\nHost key for far has changed and you have requested strict checking.\r\nHost key verification failed.\r\n`,
    /ssh-keygen -R/,
  ],
  [
    'a host that is not known',
    255,
    'No ED25519 host key is known for far and you have requested strict checking.\r\nHost key verification failed.\r\n',
    /connect once by hand/,
  ],
  ['no key that is accepted', 255, 'root@far: Permission denied (publickey,password).\r\n', /ssh-agent/],
  [
    'a private key that others can read',
    255,
    `${FRAME}@         WARNING: UNPROTECTED PRIVATE KEY FILE!          @\r\n${FRAME}Permissions 0644 for '/home/a/.ssh/id' are too open.\r\nThis private key will be ignored.\r\nLoad key "/home/a/.ssh/id": bad permissions\r\nroot@far: Permission denied (publickey).\r\n`,
    /chmod 600/,
  ],
  [
    'too many keys',
    255,
    'Received disconnect from 10.0.0.1 port 22:2: Too many authentication failures\r\nDisconnected from 10.0.0.1 port 22\r\n',
    /IdentitiesOnly/,
  ],
  ['a broken configuration', 255, 'Bad owner or permissions on /home/a/.ssh/config\r\n', /own configuration/],
  ['a port where nothing listens', 255, 'ssh: connect to host far port 1: Connection refused\r\n', /sshd runs/],
  ['a host that does not answer', 255, 'ssh: connect to host far port 22: Connection timed out\r\n', /sshd runs/],
  [
    'a name that is not known',
    255,
    'ssh: Could not resolve hostname nosuch.invalid: Name or service not known\r\n',
    /host name is not known/,
  ],
  [
    'too many logins at once',
    255,
    'kex_exchange_identification: Connection closed by remote host\r\nConnection closed by 127.0.0.1 port 22\r\n',
    /MaxStartups/,
  ],
  [
    'too many logins at once, on some systems',
    255,
    'kex_exchange_identification: read: Connection reset by peer\r\nConnection reset by 127.0.0.1 port 22\r\n',
    /MaxStartups/,
  ],
  ['a link that went dead', 255, 'Timeout, server 127.0.0.1 not responding.\r\n', /went away/],
  ['a host that went down', 255, 'Connection to 127.0.0.1 closed by remote host.\r\n', /went away/],
  ['no docker over there', 127, 'bash: line 1: docker: command not found\n', /install the Docker CLI there/],
  [
    'a user who may not use the engine',
    1,
    'failed to open the raw stream connection: dial unix /var/run/docker.sock: connect: permission denied\n',
    /docker group/,
  ],
  [
    'no engine at the socket, and a warning that is none of it',
    1,
    'WARNING: Error loading config file: open /root/.docker/config.json: permission denied\nfailed to open the raw stream connection: dial unix /var/run/docker.sock: connect: no such file or directory\n',
    /no engine listens/,
  ],
  [
    'an engine that is down',
    1,
    'failed to open the raw stream connection: dial unix /var/run/docker.sock: connect: connection refused\n',
    /no engine listens/,
  ],
  ['an old docker over there', 1, "docker: 'system' is not a docker command.\nSee 'docker --help'\n", /too old/],
  ['whatever else ssh says', 255, 'sign_and_send_pubkey: no mutual signature supported\r\n', /ssh -o BatchMode=yes/],
  ['whatever else docker says', 1, 'something went wrong\n', /docker version there/],
];

describe('what ssh says', () => {
  it.each(SAID)('of %s comes with what to do', (_what, code, stderr, hint) => {
    const error = toEngineError(sshFailure({ code, stderr }), 'list containers');
    expect(error).toMatchObject({ code: 'ENGINE_UNREACHABLE', hint: expect.stringMatching(hint) });
    const last = stderr.trimEnd().split('\n').at(-1) ?? '';
    expect(error.message).toContain(last);
  });
});
