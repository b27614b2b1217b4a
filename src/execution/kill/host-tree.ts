import type { HostProcess } from './host-processes.ts';
import { ANY_MARKER } from './target.ts';

/** By what the processes of one run are known. */
export interface Seed {
  readonly marker: string;
  /** The main process's pid on this host; 0: not known. */
  readonly main: number;
  /** Found by an earlier look. */
  readonly known: readonly HostProcess[];
}

/** The container's own first process, whose children orphans become; undefined where it shares another pid namespace. */
function initOf(processes: readonly HostProcess[]): HostProcess | undefined {
  return processes.find(({ pidInside }) => pidInside === 1);
}

/** Those of a container's processes that belong to a run: by marker, session and descent, as the kill script finds them. */
export function treeOf(processes: readonly HostProcess[], seed: Seed): HostProcess[] {
  const init = initOf(processes);
  const tree = new Map<number, HostProcess>();
  const sessions = new Set<number>();
  const known = new Set(seed.known.map(({ pid, start }) => `${pid}:${start}`));
  const belongs = ({ pid, start, parent, session, environment }: HostProcess): boolean =>
    pid === seed.main ||
    known.has(`${pid}:${start}`) ||
    tree.has(parent) ||
    sessions.has(session) ||
    environment?.includes(seed.marker) === true;
  for (let size = -1; size < tree.size; ) {
    size = tree.size;
    for (const one of processes.filter((process) => process !== init && !tree.has(process.pid) && belongs(process))) {
      tree.set(one.pid, one);
      if (one.session !== init?.session) sessions.add(one.session);
    }
  }
  return [...tree.values()];
}

/**
 * Whether some process may be the run's without a sign of it: an orphan that left the container's own session, started no
 * earlier than the run, with no run's marker. Also true where orphans cannot be told.
 */
export function hasStrays(processes: readonly HostProcess[], tree: readonly HostProcess[], since: number): boolean {
  const init = initOf(processes);
  if (init === undefined) return true;
  return processes.some(
    (one) =>
      one.parent === init.pid &&
      one.session !== init.session &&
      one.start >= since &&
      !tree.includes(one) &&
      one.environment?.includes(ANY_MARKER) !== true,
  );
}
