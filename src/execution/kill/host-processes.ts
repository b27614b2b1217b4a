import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import type { ContainerId } from '../../protocol/ids.ts';
import { isMember, membersOf } from './host-members.ts';

/** A process of a container, as this host sees it; zombies are none. */
export interface HostProcess {
  readonly pid: number;
  /** In ticks since boot: a pid alone may have become another process's. */
  readonly start: number;
  readonly parent: number;
  readonly session: number;
  /** Its pid in the container. */
  readonly pidInside: number;
  /** undefined: not for this server's user to read. */
  readonly environment: string | undefined;
}

/** A process's line in /proc without its name, which may hold spaces and brackets; undefined for one that ended. */
function liveFields(stat: string): string[] | undefined {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return /^[ZX]?$/.test(fields[0] ?? '') ? undefined : fields;
}

/** Whether this very process is still there. */
export function isAlive({ pid, start }: HostProcess): boolean {
  try {
    return liveFields(readFileSync(`/proc/${pid}/stat`, 'latin1'))?.[19] === String(start);
  } catch {
    return false;
  }
}

/** undefined: gone meanwhile. */
async function read(pid: number): Promise<HostProcess | undefined> {
  const file = (name: string): Promise<string> => readFile(`/proc/${pid}/${name}`, 'latin1');
  const environment = await file('environ').catch(() => undefined);
  const [stat, status] = await Promise.all([file('stat'), file('status')]).catch(() => ['', '']);
  const fields = liveFields(stat);
  if (fields === undefined) return undefined;
  const pidInside = Number(/^NSpid:.*\s(\d+)$/m.exec(status)?.[1] ?? 0);
  return {
    ...{ pid, pidInside, environment },
    ...{ parent: Number(fields[1]), session: Number(fields[3]), start: Number(fields[19]) },
  };
}

/** The container's processes; none where the engine is on another machine, or the container has stopped. */
export async function processesOf(containerId: ContainerId): Promise<HostProcess[]> {
  const found = await Promise.all((await membersOf(containerId)).map(read));
  return found.filter((one) => one !== undefined);
}

/** The container's own pid of one of its processes; 0 where this host cannot tell. */
export async function pidInside(hostPid: number, containerId: ContainerId): Promise<number> {
  if (hostPid <= 1 || !(await isMember(hostPid, containerId))) return 0;
  return (await read(hostPid))?.pidInside ?? 0;
}
