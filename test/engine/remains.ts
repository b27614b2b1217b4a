import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Daemon } from './daemon.ts';
import { daemonProcesses, killAll, untilNone } from './processes.ts';

const CGROUPS = '/sys/fs/cgroup';

/** Ends a daemon and removes whatever it made on this machine, even if it was killed and could not tidy up itself. */
export async function clear(daemon: Daemon): Promise<void> {
  // Containers first: a daemon that has none to stop ends at once.
  killContainers(daemon.name);
  await daemon.stop();
  killContainers(daemon.name);
  await untilNone(() => killAll(daemonProcesses(daemon.name)));
  await untilNone(() => killContainers(daemon.name));
  for (const group of cgroups(daemon.name)) removeTree(group);
  for (const socket of shimSockets(daemon.folder)) rmSync(socket, { force: true });
  for (const mount of mountsUnder(daemon.folder).reverse()) execFileSync('umount', ['--lazy', mount]);
  rmSync(daemon.folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
}

/** Mount points under a folder, parents before what is mounted on top of them. */
export function mountsUnder(folder: string): string[] {
  const points = readFileSync('/proc/self/mountinfo', 'utf8')
    .split('\n')
    .map((line) => line.split(' ')[4] ?? '');
  return points.filter((point) => point.startsWith(`${folder}/`));
}

/** The daemon's own cgroups: one with cgroup v2, one in every hierarchy with v1. */
export function cgroups(name: string): string[] {
  return [CGROUPS, ...folders(CGROUPS)].map((root) => join(root, name)).filter((path) => existsSync(path));
}

function killContainers(name: string): number {
  const groups = cgroups(name).flatMap((group) => [group, ...folders(group)]);
  for (const group of groups) thaw(group);
  return killAll(groups.flatMap((group) => processesIn(group)));
}

/** A paused container would keep its KILL waiting. The file is freezer.state with cgroup v1, cgroup.freeze with v2. */
function thaw(group: string): void {
  unlessGone(() => writeFileSync(join(group, 'freezer.state'), 'THAWED', { flag: 'r+' }), undefined);
  unlessGone(() => writeFileSync(join(group, 'cgroup.freeze'), '0', { flag: 'r+' }), undefined);
}

function processesIn(group: string): number[] {
  const list = unlessGone(() => readFileSync(join(group, 'cgroup.procs'), 'utf8'), '');
  return list.split('\n').filter(Boolean).map(Number);
}

/**
 * containerd keeps its shims' sockets in /run, outside of every folder it is given, and notes each in the task's `address`, since its
 * version 2 in `bootstrap.json`.
 */
export function shimSockets(folder: string): string[] {
  const tasks = `${folder}/exec/containerd/daemon/io.containerd.runtime.v2.task/${basename(folder)}`;
  const files = folders(tasks).flatMap((task) => ['address', 'bootstrap.json'].map((name) => join(task, name)));
  const notes = files.map((file) => unlessGone(() => readFileSync(file, 'utf8'), ''));
  return notes.flatMap((note) => /unix:\/\/(\/run\/[^"\s]+)/.exec(note)?.[1] ?? []);
}

function removeTree(group: string): void {
  for (const child of folders(group)) removeTree(child);
  unlessGone(() => rmdirSync(group), undefined);
}

function folders(path: string): string[] {
  const entries = unlessGone(() => readdirSync(path, { withFileTypes: true }), []);
  return entries.filter((entry) => entry.isDirectory()).map((entry) => join(path, entry.name));
}

/** The daemon tidies up at the same time: what it has already removed is no fault. */
function unlessGone<T>(work: () => T, gone: T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENODEV')) return gone;
    throw error;
  }
}
