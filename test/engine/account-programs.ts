import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Account } from './account.ts';

const REPOSITORY = fileURLToPath(new URL('../../', import.meta.url));

type CommandLine = readonly [string, ...string[]];

/**
 * What an account's programs see that nobody else does: its account files, a /run with nothing in it but the account's runtime
 * directory, and Node and this repository where an unprivileged user can reach them, which in /root it could not. $0 is the account's
 * folder, $1 the repository, $2 Node. All of it ends with the last process that sees it.
 */
function mountsFor(uid: number): readonly string[] {
  const files = ['passwd', 'group', 'subuid', 'subgid'];
  return [
    ...files.map((name) => `mount --bind "$0/etc/${name}" /etc/${name}`),
    'mount -t tmpfs -o mode=755 tmpfs /run',
    `mkdir -p /run/user/${uid}`,
    `mount --bind "$0/run" /run/user/${uid}`,
    'mount --bind "$1" "$0/repository"',
    'mount --bind "$2" "$0/node"',
  ];
}

/** A command line that runs a program as the account, or another one where `uid` says so; the process becomes the program. */
export function asAccount(
  account: Account,
  program: string,
  args: readonly string[] = [],
  uid = account.uid,
): CommandLine {
  const become = `exec setpriv --reuid=${uid} --regid=${uid} --clear-groups --inh-caps=-all "$@"`;
  const script = [...mountsFor(account.uid), 'cd "$0"', 'shift 2', become].join(' && ');
  const known = [account.folder, REPOSITORY, process.execPath];
  return ['unshare', '--mount', '--propagation=private', 'sh', '-c', script, ...known, program, ...args];
}

/** What the account's programs need in their environment. */
export function accountEnvironment({ uid, home }: Account): Record<'PATH' | 'HOME' | 'XDG_RUNTIME_DIR', string> {
  const { PATH = '' } = process.env;
  return { PATH: `${PATH}:/usr/sbin:/sbin`, HOME: home, XDG_RUNTIME_DIR: `/run/user/${uid}` };
}

/** The built server and a program in the place of Node that runs it as the account, or another one where `uid` says so. */
export function installationFor(
  account: Account,
  uid = account.uid,
): { readonly program: string; readonly node: string } {
  const { folder } = account;
  const line = asAccount(account, `${folder}/node`, [], uid);
  const node = `${folder}/node-as-${uid}`;
  writeFileSync(node, `#!/bin/sh\nexec ${line.map(quoted).join(' ')} "$@"\n`, { mode: 0o755 });
  return { program: `${folder}/repository/dist/src/main.js`, node };
}

function quoted(word: string): string {
  return `'${word.replaceAll("'", String.raw`'\''`)}'`;
}
