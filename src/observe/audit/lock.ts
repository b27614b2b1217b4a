import { readFile, readlink, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';

const HEARTBEAT_MS = 10_000;
/** An owner that this process cannot see (another machine or container) is taken for gone when silent this long. */
const SILENT_MS = 30_000;

/** Who holds the lock. A pid alone may have been given to another process since. */
interface Owner {
  readonly pid: number;
  readonly startTime: string;
  /** Machine and pid namespace: only there does the pid mean anything. */
  readonly place: string;
}

/**
 * Keeps a second server off the same file: two writers would tear the chain. Node has no flock, so it is a file made
 * exclusively, with enough in it to tell a dead owner. Throws an Error naming the owner; returns how to let go.
 */
export async function acquireLock(path: string): Promise<() => Promise<void>> {
  const me = await ownerOf(process.pid);
  if (!(await create(path, me))) {
    await removeIfStale(path, me.place);
    if (!(await create(path, me))) throw new Error(`another server took ${path} just now`);
  }
  const heartbeat = setInterval(() => void touch(path), HEARTBEAT_MS).unref();
  return async () => {
    clearInterval(heartbeat);
    await rm(path, { force: true });
  };
}

async function create(path: string, owner: Owner): Promise<boolean> {
  try {
    await writeFile(path, JSON.stringify(owner), { flag: 'wx', mode: 0o600 });
    return true;
  } catch (error) {
    if (isCode(error, 'EEXIST')) return false;
    throw error;
  }
}

/** The lock is moved aside and looked at again: another starting server may have put its own there meanwhile. */
async function removeIfStale(path: string, place: string): Promise<void> {
  const text = await readFile(path, 'utf8');
  const owner = parseOwner(text);
  const alive = owner?.place === place ? await isAlive(owner) : await isFresh(path);
  if (alive) {
    const who = owner === undefined ? 'another server' : `process ${owner.pid} on ${owner.place}`;
    throw new Error(`${who} is writing to it (lock file ${path})`);
  }
  const aside = `${path}.${process.pid}`;
  await rename(path, aside);
  if ((await readFile(aside, 'utf8')) !== text) {
    await rename(aside, path);
    throw new Error(`another server took ${path} just now`);
  }
  await rm(aside);
}

async function isAlive(owner: Owner): Promise<boolean> {
  return (await ownerOf(owner.pid)).startTime === owner.startTime && exists(owner.pid);
}

function exists(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return isCode(error, 'EPERM');
  }
}

async function isFresh(path: string): Promise<boolean> {
  return Date.now() - (await stat(path)).mtimeMs < SILENT_MS;
}

async function touch(path: string): Promise<void> {
  const now = new Date();
  await utimes(path, now, now).catch(() => undefined);
}

/** `startTime` is field 22 of /proc/PID/stat (ticks since boot), '' where there is no /proc. */
async function ownerOf(pid: number): Promise<Owner> {
  const status = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  const startTime = status.slice(status.lastIndexOf(')') + 2).split(' ')[19] ?? '';
  const namespace = await readlink('/proc/self/ns/pid').catch(() => '');
  return { pid, startTime, place: `${hostname()} ${namespace}`.trim() };
}

function parseOwner(text: string): Owner | undefined {
  try {
    const { pid, startTime, place }: Partial<Record<keyof Owner, unknown>> = JSON.parse(text);
    if (typeof pid !== 'number' || !(pid > 0) || typeof startTime !== 'string') return undefined;
    return typeof place === 'string' ? { pid, startTime, place } : undefined;
  } catch {
    return undefined;
  }
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
