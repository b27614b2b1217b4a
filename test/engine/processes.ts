import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

const PROGRAMS = /^(dockerd|containerd|runc|docker-proxy)/;
const GONE_WITHIN_MS = 10_000;

/** Process ids of dockerd, its containerd and their shims: all of them carry the engine's name in their arguments. */
export function daemonProcesses(name: string, program = PROGRAMS): number[] {
  return readdirSync('/proc')
    .filter((entry) => /^\d+$/.test(entry))
    .filter((pid) => program.test(procFile(pid, 'comm')) && procFile(pid, 'cmdline').includes(name))
    .map(Number);
}

/** Sends KILL; returns how many processes there were. */
export function killAll(pids: readonly number[]): number {
  for (const pid of pids.filter((id) => id > 1)) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It ended between the look and the signal.
    }
  }
  return pids.length;
}

/** Repeats until there is nothing to count any more. @throws Error after 10 s. */
export async function untilNone(count: () => number): Promise<void> {
  const deadline = Date.now() + GONE_WITHIN_MS;
  while (count() > 0) {
    if (Date.now() > deadline) throw new Error('Processes of a test engine do not end.');
    await delay(50);
  }
}

/** Whether a process has heard SIGSTOP, each of its threads. */
export function isStopped(pid: number | undefined): boolean {
  const threads = readdirSync(`/proc/${pid}/task`);
  return threads.every((thread) => /\) [Tt] /.test(procFile(`${pid}/task/${thread}`, 'stat')));
}

function procFile(pid: string, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return '';
  }
}
