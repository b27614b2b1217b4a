import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Debian releases whose engines run beside the machine's own: in trixie Docker 26 and Podman 5.4, in testing the newest that Debian has. */
export const RELEASES = ['trixie', 'testing'] as const;
export type Release = (typeof RELEASES)[number];

/** Not npm's to remove at each start, and gone with the dependencies. */
const CACHE = fileURLToPath(new URL('../../node_modules/.cache/engines/', import.meta.url));
/** `ps` is what answers `docker top`. */
const PACKAGES = ['docker.io', 'podman', 'conmon', 'runc', 'procps'];
/** Archive keys of Debian, those of releases newer than the machine's too. */
const KEYS = '/usr/share/keyrings/debian-archive-keyring.gpg';

/**
 * The /usr of a release, with its engines and the libraries they need and nothing else. Fetched once, through apt and from where the
 * machine's own packages come from; nothing is installed. @throws Error of apt-get, or if the machine is no Debian.
 */
export function releaseUsr(release: Release): string {
  const folder = join(CACHE, release);
  if (!existsSync(folder)) {
    const unfinished = `${folder}.${process.pid}`;
    process.stderr.write(`Fetching the engines of Debian ${release} for the tests\n`);
    fetchPackages(release, unfinished);
    renameSync(unfinished, folder);
  }
  return join(folder, 'usr');
}

/**
 * A program line that runs with another release's /usr in place of the machine's, in a mount namespace of its own: programs that start
 * each other by name, as dockerd, containerd and runc do, all come from there, with the libraries they were built for.
 */
export function inRelease(usr: string, program: string, args: readonly string[]): readonly [string, ...string[]] {
  const script = 'mount --bind "$0" /usr && exec "$@"';
  return ['unshare', '--mount', '--propagation=private', 'sh', '-c', script, usr, program, ...args];
}

function fetchPackages(release: Release, folder: string): void {
  const state = join(folder, 'apt');
  mkdirSync(join(state, 'lists', 'partial'), { recursive: true });
  mkdirSync(join(state, 'cache', 'archives', 'partial'), { recursive: true });
  // No package counts as installed: all that the engines need is fetched.
  writeFileSync(join(state, 'status'), '');
  writeFileSync(join(state, 'sources.list'), `deb [signed-by=${KEYS}] ${debianArchive()} ${release} main\n`);
  apt(state, ['update']);
  apt(state, ['install', '-y', '--no-install-recommends', '--download-only', ...PACKAGES]);
  const archives = join(state, 'cache', 'archives');
  for (const name of readdirSync(archives).filter((entry) => entry.endsWith('.deb')))
    unpack(join(archives, name), folder);
  rmSync(state, { recursive: true });
}

function apt(state: string, args: readonly string[]): void {
  const own = { 'Etc::sourcelist': 'sources.list', 'State::lists': 'lists', Cache: 'cache', 'State::status': 'status' };
  const folders = Object.entries(own).map(([name, path]) => `Dir::${name}=${join(state, path)}`);
  const options = [...folders, 'Dir::Etc::sourceparts=/dev/null', 'Debug::NoLocking=true'];
  execFileSync('apt-get', ['-qq', ...options.flatMap((option) => ['-o', option]), ...args], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
}

/** Where the machine gets its own Debian packages. */
function debianArchive(): string {
  const format = '$(LABEL) $(REPO_URI)';
  const lines = execFileSync('apt-get', ['indextargets', '--format', format, 'Created-By: Packages'], {
    encoding: 'utf8',
  });
  const archive = /^Debian (\S+)$/m.exec(lines)?.[1];
  if (archive === undefined)
    throw new Error('Engines of other releases are fetched from Debian: run these tests there.');
  return archive;
}

/** Manuals and translations are half of it. */
function unpack(archive: string, folder: string): void {
  const tar = execFileSync('dpkg-deb', ['--fsys-tarfile', archive], { maxBuffer: 1_073_741_824 });
  execFileSync('tar', ['-x', '-C', folder, '--exclude=./usr/share'], { input: tar });
}
