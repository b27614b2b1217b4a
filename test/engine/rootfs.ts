import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { findStaticBusybox } from './prerequisites.ts';
import { type TarEntry, tar } from './tar.ts';

/** Every kind of user the user rules tell apart: root, a plain one with an extra group, one whose own group is root's, nobody. */
const PASSWD = `root:x:0:0:root:/root:/bin/sh
app:x:1000:1000:app:/home/app:/bin/sh
svc:x:1001:0:svc:/:/bin/sh
nobody:x:65534:65534:nobody:/:/bin/false
`;
const GROUP = `root:x:0:
app:x:1000:
extra:x:2000:app
nobody:x:65534:
`;

/** A small Linux: busybox with all its applets, users and a writable /tmp. */
export function busyboxRootfs(): Buffer {
  return tar([...directories(), ...accounts(), file('bin/busybox', 0o755, busybox()), ...applets()]);
}

/** Nothing but one static program, `/sleep`: no shell, no kill, no /etc/passwd. */
export function scratchRootfs(): Buffer {
  return tar([file('sleep', 0o755, busybox())]);
}

function busybox(): Buffer {
  return readFileSync(findStaticBusybox());
}

function directories(): TarEntry[] {
  const plain = ['bin', 'sbin', 'usr', 'usr/bin', 'usr/sbin', 'etc', 'root', 'home', 'var', 'proc', 'sys', 'dev'];
  return [
    ...plain.map((path) => directory(path, 0o755)),
    directory('tmp', 0o1777),
    { ...directory('home/app', 0o755), uid: 1000, gid: 1000 },
  ];
}

function accounts(): TarEntry[] {
  return [file('etc/passwd', 0o644, Buffer.from(PASSWD)), file('etc/group', 0o644, Buffer.from(GROUP))];
}

function applets(): TarEntry[] {
  const listed = execFileSync(findStaticBusybox(), ['--list-full'], { encoding: 'utf8' }).split('\n');
  const paths = listed.filter((path) => /^(usr\/)?s?bin\/./.test(path) && path !== 'bin/busybox');
  return paths.map((path) => ({ path, kind: 'symlink', mode: 0o777, target: '/bin/busybox' }));
}

function directory(path: string, mode: number): TarEntry {
  return { path: `${path}/`, kind: 'directory', mode };
}

function file(path: string, mode: number, content: Uint8Array): TarEntry {
  return { path, kind: 'file', mode, content };
}
