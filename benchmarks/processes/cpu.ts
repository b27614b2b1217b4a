import { readFileSync } from 'node:fs';

/** Linux counts processor time in this for every program, whatever its own clock (`getconf CLK_TCK`). */
const TICKS_PER_SECOND = 100;

/** Fields of /proc/PID/stat, counted behind the program's name: `utime, stime, cutime, cstime`, see proc(5). */
const OWN = [11, 12];
const ENDED_CHILDREN = [13, 14];

function seconds(pid: number | 'self', fields: readonly number[]): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const values = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return fields.reduce((sum, field) => sum + Number(values[field]), 0) / TICKS_PER_SECOND;
}

/** Processor time of a running process so far in seconds, user and system, all of its threads and its ended children. */
export function cpuSecondsOf(pid: number): number {
  return seconds(pid, [...OWN, ...ENDED_CHILDREN]);
}

/** The same of all our child processes that have ended. */
export function cpuSecondsOfEndedChildren(): number {
  return seconds('self', ENDED_CHILDREN);
}
