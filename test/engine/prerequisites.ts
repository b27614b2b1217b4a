import { spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';

const SBIN = ['/usr/local/sbin', '/usr/sbin', '/sbin'];
const POLICY = '/usr/sbin/policy-rc.d';
/** What a host's engine makes up for, by the name people know it. */
const OF_THE_ENGINE = new Map([
  ['dockerd', 'Docker'],
  ['docker', 'Docker'],
  ['busybox (static)', 'a static busybox'],
]);
const APT = ['-y', '-o', 'DPkg::Lock::Timeout=300'];

/** The full path of a program, looked up in PATH and the system folders a plain user's PATH leaves out. */
export function findProgram(name: string): string | undefined {
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), ...SBIN];
  return folders.map((folder) => join(folder, name)).find(isExecutable);
}

/** The path of a busybox that runs without any library, as an image with nothing else needs it. */
export function findStaticBusybox(): string {
  const found = staticBusybox();
  if (found === undefined) throw new Error('The test image needs a static busybox: install busybox-static.');
  return found;
}

/**
 * Makes sure that the tests can run a daemon of their own; on Debian, as root, missing packages are installed.
 * @throws Error of one sentence that says what to install where that is not possible.
 */
export function ensureDaemonPrograms(): void {
  ensure({ dockerd: 'docker.io', docker: 'docker.io', 'busybox (static)': 'busybox-static' });
}

/** As `ensureDaemonPrograms`, for tests that use the engine of the machine. */
export function ensureClientPrograms(): void {
  ensure({ docker: 'docker.io', 'busybox (static)': 'busybox-static' });
}

/** As `ensureDaemonPrograms`, for tests that reach an engine through ssh. */
export function ensureSshPrograms(): void {
  ensure({ sshd: 'openssh-server', ssh: 'openssh-client', 'ssh-keygen': 'openssh-client' });
}

/** As `ensureDaemonPrograms`, for tests that make certificates. */
export function ensureCertificatePrograms(): void {
  ensure({ openssl: 'openssl' });
}

/** As `ensureDaemonPrograms`, for tests with Podman as the engine. */
export function ensurePodmanPrograms(): void {
  ensure({ podman: 'podman', conmon: 'conmon', runc: 'runc', 'busybox (static)': 'busybox-static' });
}

/** As `ensureDaemonPrograms`, for tests with an engine of an unprivileged user. */
export function ensureRootlessPrograms(): void {
  ensure({ rootlesskit: 'rootlesskit', newuidmap: 'uidmap', newgidmap: 'uidmap' });
}

function ensure(packageOf: Readonly<Record<string, string>>): void {
  const missing = () => Object.keys(packageOf).filter((program) => !isPresent(program));
  if (missing().length === 0) return;
  if (canInstall()) install([...new Set(missing().map((program) => packageOf[program] ?? program))]);
  // Newer Debians ship the client in a package of its own, older ones within docker.io.
  if (canInstall() && missing().includes('docker')) install(['docker-cli']);
  if (missing().length > 0) throw new Error(complaint(missing()));
}

function complaint(missing: readonly string[]): string {
  const what = missing.map((program) => OF_THE_ENGINE.get(program) ?? program);
  const other = missing.some((program) => OF_THE_ENGINE.has(program));
  const instead = other ? ', or start an engine and set MCP_TEST_USE_HOST_ENGINE=1' : '';
  return `The tests need ${missing.join(', ')}: install ${[...new Set(what)].join(' and ')}${instead}.`;
}

function isPresent(program: string): boolean {
  return program === 'busybox (static)' ? staticBusybox() !== undefined : findProgram(program) !== undefined;
}

function staticBusybox(): string | undefined {
  return ['busybox-static', 'busybox'].flatMap((name) => findProgram(name) ?? []).find(isStatic);
}

/** A 64-bit ELF program without a PT_INTERP header asks for no dynamic loader. */
function isStatic(path: string): boolean {
  const elf = readFileSync(path);
  if (elf.readUInt32BE(0) !== 0x7f454c46 || elf[4] !== 2) return false;
  const start = Number(elf.readBigUInt64LE(0x20));
  const size = elf.readUInt16LE(0x36);
  return Array.from({ length: elf.readUInt16LE(0x38) }, (_, i) => elf.readUInt32LE(start + i * size)).every(
    (type) => type !== 3,
  );
}

function canInstall(): boolean {
  return process.getuid?.() === 0 && existsSync('/etc/debian_version') && findProgram('apt-get') !== undefined;
}

function install(packages: readonly string[]): void {
  process.stderr.write(`Installing ${packages.join(', ')} for the tests\n`);
  withoutServiceStarts(() => {
    apt(['update']);
    apt(['install', '--no-install-recommends', ...packages]);
  });
}

/** Debian packages start their service on installation unless this file forbids it; the tests start a daemon of their own. */
function withoutServiceStarts(work: () => void): void {
  const own = !existsSync(POLICY);
  if (own) writeFileSync(POLICY, '#!/bin/sh\nexit 101\n', { mode: 0o755 });
  try {
    work();
  } finally {
    if (own) rmSync(POLICY);
  }
}

/** Its complaints are shown; whether it helped is judged by what is there afterwards. */
function apt(args: readonly string[]): void {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  spawnSync('apt-get', [...APT, ...args], { env, stdio: ['ignore', 'ignore', 'inherit'] });
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
