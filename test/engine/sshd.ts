import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { delimiter, join } from 'node:path';
import { newFolder } from './folder.ts';
import { freePort } from './port.ts';
import { ensureSshPrograms, findProgram } from './prerequisites.ts';
import { sshdConfigFile, sshdLogFile } from './sshd-files.ts';
import { Supervised } from './supervised.ts';
import { processesNaming } from './traces.ts';

/** OpenSSH on this machine, with keys that nobody else has. */
export interface Sshd {
  /** As DOCKER_HOST. */
  readonly dockerHost: string;
  /** What a server's environment needs, so that the real ssh uses the keys and the known hosts of this folder alone. */
  readonly env: Readonly<Record<'PATH', string>>;
  /** Makes ssh know the host by this public key from here on; undefined: not at all. */
  knows(hostKey: string | undefined): void;
  /** The host's own public key. */
  readonly hostKey: string;
  /** A public key of the same kind that is not the host's. */
  readonly otherKey: string;
  /** Makes logins take about this long from here on, as they do behind slow name services; those under way stay as they are. */
  slowLogins(seconds: number): void;
  /** How many connections it refused so far since too many others were logging in. */
  turnedAway(): number;
  /** Sessions so far: how many in all, and how many at a time at most. */
  sessions(): { readonly all: number; readonly most: number; readonly open: number };
  /** How many ssh processes of `env` there are. */
  clients(): number;
  /** How many processes of sessions' `docker` there are, which outlive their session where they do not see its end. */
  dockers(): number;
  stop(): Promise<void>;
}

/** Starts sshd on a free port; the `docker` that its sessions find has `dockerHost` as its engine. */
export async function startSshd(dockerHost: string): Promise<Sshd> {
  ensureSshPrograms();
  const folder = newFolder();
  const port = await freePort();
  for (const name of ['host', 'other', 'user']) createKey(join(folder, name));
  prepareServer(folder, port, dockerHost);
  prepareClient(folder);
  const supervised = new Supervised({ program: 'sshd', folder });
  await supervised.ask('start');
  const publicKey = (name: string): string => readFileSync(join(folder, `${name}.pub`), 'utf8');
  return {
    dockerHost: `ssh://${userInfo().username}@127.0.0.1:${port}`,
    env: { PATH: `${folder}/near${delimiter}${process.env['PATH'] ?? ''}` },
    knows: (key) => writeFileSync(`${folder}/known_hosts`, key === undefined ? '' : `[127.0.0.1]:${port} ${key}`),
    hostKey: publicKey('host'),
    otherKey: publicKey('other'),
    slowLogins: (seconds) => writeDelay(folder, seconds),
    turnedAway: () => readFileSync(sshdLogFile(folder), 'utf8').match(/past MaxStartups/g)?.length ?? 0,
    sessions: () => sessionsIn(readFileSync(sshdLogFile(folder), 'utf8')),
    clients: () => processesNaming(clientConfigFile(folder)).length,
    dockers: () => processesNaming(farDocker(folder)).length,
    stop: () => supervised.end(),
  };
}

function createKey(path: string): void {
  execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', 'test', '-f', path]);
}

/** No PAM and no shared state, so that it runs beside the machine's own sshd. Its sessions have a PATH of their own. */
function prepareServer(folder: string, port: number, dockerHost: string): void {
  // sshd wants this folder on start; its package makes it with the service that the tests do not start.
  mkdirSync('/run/sshd', { recursive: true });
  writeScript(`${folder}/far/docker`, `DOCKER_HOST=${dockerHost} exec ${farDocker(folder)} "$@"`);
  // By a name that only this one has.
  symlinkSync(findProgram('docker') ?? '/usr/bin/docker', farDocker(folder));
  writeScript(
    `${folder}/far/keys`,
    `sleep "$(cat ${delayFile(folder)})"; [ "$1" = ${userInfo().username} ] && cat ${folder}/user.pub`,
  );
  writeDelay(folder, 0);
  const lines = [
    ...[`Port ${port}`, 'ListenAddress 127.0.0.1', `HostKey ${folder}/host`, `PidFile ${folder}/sshd.pid`],
    ...['AuthorizedKeysFile none', 'StrictModes no', 'UsePAM no', 'PasswordAuthentication no'],
    // A command, since one can take its time; by way of sh, whose folders nobody but root may change, as sshd demands.
    ...[`AuthorizedKeysCommand /bin/sh ${folder}/far/keys %u`, `AuthorizedKeysCommandUser ${userInfo().username}`],
    ...['KbdInteractiveAuthentication no', 'PermitRootLogin yes', 'LogLevel VERBOSE'],
    // Its docker comes first, whatever PATH the account's shell makes.
    `ForceCommand PATH=${folder}/far:$PATH; eval "$SSH_ORIGINAL_COMMAND"`,
  ];
  writeFileSync(sshdConfigFile(folder), `${lines.join('\n')}\n`);
}

function farDocker(folder: string): string {
  return `${folder}/far/docker-cli`;
}

function delayFile(folder: string): string {
  return `${folder}/login-delay`;
}

/** sshd asks for the keys two or three times in a login. */
function writeDelay(folder: string, seconds: number): void {
  writeFileSync(delayFile(folder), String(seconds / 3));
}

/** ssh takes its files from the account's home whatever HOME says: the real one is told of others by `-F`. */
function prepareClient(folder: string): void {
  const lines = [
    ...[`IdentityFile ${folder}/user`, 'IdentitiesOnly yes', 'IdentityAgent none'],
    ...[`UserKnownHostsFile ${folder}/known_hosts`, 'GlobalKnownHostsFile /dev/null'],
  ];
  writeFileSync(clientConfigFile(folder), `${lines.join('\n')}\n`);
  writeScript(`${folder}/near/ssh`, `exec ${findProgram('ssh')} -F ${clientConfigFile(folder)} "$@"`);
}

function clientConfigFile(folder: string): string {
  return `${folder}/ssh_config`;
}

function writeScript(path: string, line: string): void {
  mkdirSync(join(path, '..'), { recursive: true });
  writeFileSync(path, `#!/bin/sh\n${line}\n`);
  chmodSync(path, 0o755);
}

function sessionsIn(log: string): { all: number; most: number; open: number } {
  const count = { all: 0, most: 0 };
  const open = new Set<string>();
  for (const line of log.split('\n')) {
    const port = / port (\d+)/.exec(line)?.[1] ?? '';
    if (line.startsWith('Starting session: ')) {
      count.all += 1;
      count.most = Math.max(count.most, open.add(port).size);
    }
    if (/^(?:Disconnected from|Connection closed by) /.test(line)) open.delete(port);
  }
  return { ...count, open: open.size };
}
