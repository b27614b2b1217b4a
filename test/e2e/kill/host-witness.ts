import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

const LOOK_MS = 5;

function procFile(pid: number, name: string): string {
  try {
    return readFileSync(`/proc/${pid}/${name}`, 'latin1');
  } catch {
    return '';
  }
}

function isAlive(pid: number): boolean {
  const stat = procFile(pid, 'stat');
  return stat !== '' && !/^[ZX]/.test(stat.slice(stat.lastIndexOf(')') + 2));
}

/** Living processes of a container that have `word` as an argument, as the host sees them. */
export function pidsWith(containerId: string, word: string): number[] {
  return readdirSync('/proc')
    .filter((entry) => /^\d+$/.test(entry))
    .map(Number)
    .filter((pid) => procFile(pid, 'cmdline').split('\0').includes(word))
    .filter((pid) => procFile(pid, 'cgroup').includes(containerId) && isAlive(pid));
}

/** The moment (`performance.now()`) at which the last of these processes was gone; undefined where some are left at the end. */
export async function untilDead(pids: readonly number[], end: Promise<unknown>): Promise<number | undefined> {
  const over = end.then(() => true);
  while (pids.some(isAlive)) {
    if (await Promise.race([over, delay(LOOK_MS, false)])) return pids.some(isAlive) ? undefined : performance.now();
  }
  return performance.now();
}
