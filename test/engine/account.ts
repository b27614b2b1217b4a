import { randomInt } from 'node:crypto';
import { chmodSync, chownSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';

/** Where ids begin that nobody on a machine has, and how many of them each account takes: its own, its subordinates, a stranger's. */
const FIRST_ID = 1_000_000_000;
const IDS = 131_072;
const SUBORDINATES = 65_536;

/**
 * An unprivileged user with a range of subordinate ids, as rootless engines need one. The machine's account files do not know of it:
 * its programs see others in their place, see `asAccount`.
 */
export interface Account {
  readonly uid: number;
  /** Of somebody else, who has nothing to do with it. */
  readonly strangerUid: number;
  /** Holds all of it. */
  readonly folder: string;
  readonly home: string;
  /** What its programs see as /run/user/UID. */
  readonly runtime: string;
}

/** Fills a folder for an account of its own. Needs root. */
export function createAccount(folder: string): Account {
  const uid = FIRST_ID + randomInt(8_000) * IDS;
  // As /run/user: everybody may pass, nobody else may look into what is the account's.
  chmodSync(folder, 0o755);
  for (const name of ['home', 'run']) {
    mkdirSync(`${folder}/${name}`, { mode: 0o700 });
    chownSync(`${folder}/${name}`, uid, uid);
  }
  for (const name of ['etc', 'repository']) mkdirSync(`${folder}/${name}`);
  writeFileSync(`${folder}/node`, '');
  for (const [name, text] of Object.entries(accountFiles(folder, uid))) writeFileSync(`${folder}/etc/${name}`, text);
  return accountIn(folder);
}

/** The account that `createAccount` made there. */
export function accountIn(folder: string): Account {
  const home = `${folder}/home`;
  const { uid } = statSync(home);
  return { uid, strangerUid: uid + SUBORDINATES + 1, folder, home, runtime: `${folder}/run` };
}

/** What takes the place of the files of that name in /etc. */
function accountFiles(folder: string, uid: number): Readonly<Record<string, string>> {
  const name = `rootless-${uid}`;
  const range = `${name}:${uid + 1}:${SUBORDINATES}\n`;
  return {
    passwd: `${readFileSync('/etc/passwd', 'utf8')}${name}:x:${uid}:${uid}::${folder}/home:/bin/sh\n`,
    group: `${readFileSync('/etc/group', 'utf8')}${name}:x:${uid}:\n`,
    subuid: range,
    subgid: range,
  };
}

/** Process ids of all that runs as the account, as its stranger or in one of its containers. */
export function accountProcesses({ uid }: Pick<Account, 'uid'>): number[] {
  const isIts = (status: string): boolean => {
    const real = Number(/^Uid:\s+(\d+)/m.exec(status)?.[1]);
    return real >= uid && real < uid + IDS && !/^State:\s+[ZX]/m.test(status);
  };
  const pids = readdirSync('/proc').filter((entry) => /^\d+$/.test(entry));
  return pids.filter((pid) => isIts(statusOf(pid))).map(Number);
}

function statusOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/status`, 'utf8');
  } catch {
    return ''; // It ended since it was listed.
  }
}
