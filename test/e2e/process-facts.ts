import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

/** Resident memory of a process in bytes, as it was at most. */
export function peakMemory(pid: number): number {
  return memory(pid, 'VmHWM');
}

/** Resident memory of a process in bytes, as it is. */
export function residentMemory(pid: number): number {
  return memory(pid, 'VmRSS');
}

function memory(pid: number, line: 'VmHWM' | 'VmRSS'): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const [, kilobytes = ''] = new RegExp(`${line}:\\s+(\\d+) kB`).exec(status) ?? [];
  return Number(kilobytes) * 1024;
}

/** What a process has open, counted by kind: `socket`, `pipe`, `anon_inode`, or a file's path. */
export function openFiles(pid: number): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const fd of readdirSync(`/proc/${pid}/fd`)) {
    const kind = kindOf(`/proc/${pid}/fd/${fd}`);
    if (kind !== undefined) counts[kind] = (counts[kind] ?? 0) + 1;
  }
  return counts;
}

/** `socket:[1234]` is one of many sockets. Undefined: it was closed since it was listed. */
function kindOf(path: string): string | undefined {
  try {
    return readlinkSync(path).replace(/:.*/, '');
  } catch {
    return undefined;
  }
}
