import { readdir, readFile, readlink } from 'node:fs/promises';
import type { ContainerId } from '../../protocol/ids.ts';

type Judge = (pid: number) => Promise<boolean>;

/**
 * Pids on this host of a container's processes; none where the engine is on another machine, or the container has stopped. Full ids
 * are 256 random bits: a cgroup with that name is the container's, wherever the engine says it is.
 */
export async function membersOf(containerId: ContainerId): Promise<readonly number[]> {
  const entries = await readdir('/proc').catch(() => []);
  const pids = entries.filter((entry) => /^\d+$/.test(entry)).map(Number);
  const named = await those(pids, async (pid) => (await procFile(pid, 'cgroup')).includes(containerId));
  return named.length > 0 ? named : withoutCgroup(containerId, pids);
}

/** Whether `membersOf` has this process; most often told without a look at all others. */
export async function isMember(pid: number, containerId: ContainerId): Promise<boolean> {
  const cgroup = await procFile(pid, 'cgroup');
  if (cgroup.includes(containerId)) return true;
  // There is no such process: the pid is another machine's.
  if (cgroup === '') return false;
  return (await membersOf(containerId)).includes(pid);
}

/**
 * Rootless engines do without cgroups where the host gives them none (cgroup v1, or no systemd). The pid namespace tells the container
 * then: its first process is a child of the engine's monitor (containerd-shim, conmon), which has the full id as an argument.
 */
async function withoutCgroup(containerId: ContainerId, pids: readonly number[]): Promise<readonly number[]> {
  const monitors = await those(pids, async (pid) => (await procFile(pid, 'cmdline')).split('\0').includes(containerId));
  if (monitors.length === 0) return [];
  const statuses = await Promise.all(pids.map((pid) => procFile(pid, 'status')));
  const firsts = pids.filter((_, index) => isFirstOfNamespace(statuses[index] ?? '', monitors));
  const namespaces = new Set(await Promise.all(firsts.map(namespaceOf)));
  const [namespace] = namespaces;
  // Somebody else has the id among its arguments as well: which of them is the engine's cannot be told.
  if (namespaces.size !== 1 || namespace === undefined) return [];
  const inside = await those(pids, async (pid) => (await namespaceOf(pid)) === namespace);
  return withDescendants(inside, new Map(pids.map((pid, index) => [pid, parentIn(statuses[index] ?? '')])));
}

/** A container's process may have made a pid namespace of its own. */
function withDescendants(ancestors: readonly number[], parents: ReadonlyMap<number, number>): readonly number[] {
  const family = new Set(ancestors);
  for (let size = -1; size < family.size; ) {
    size = family.size;
    for (const [pid, parent] of parents) if (family.has(parent)) family.add(pid);
  }
  return [...family];
}

/** Whether a process is the first of a pid namespace below this one, and the child of one of `monitors`. */
function isFirstOfNamespace(status: string, monitors: readonly number[]): boolean {
  return monitors.includes(parentIn(status)) && /^NSpid:\s+\d+\s(?:\d+\s)*1$/m.test(status);
}

/** NaN: it has ended. */
function parentIn(status: string): number {
  return Number(/^PPid:\s+(\d+)$/m.exec(status)?.[1]);
}

/** undefined: not for this server's user to know, or gone. */
function namespaceOf(pid: number): Promise<string | undefined> {
  return readlink(`/proc/${pid}/ns/pid`).catch(() => undefined);
}

async function those(pids: readonly number[], judge: Judge): Promise<readonly number[]> {
  const verdicts = await Promise.all(pids.map(judge));
  return pids.filter((_, index) => verdicts[index]);
}

/** Empty for a process that has ended. */
function procFile(pid: number, name: string): Promise<string> {
  return readFile(`/proc/${pid}/${name}`, 'latin1').catch(() => '');
}
