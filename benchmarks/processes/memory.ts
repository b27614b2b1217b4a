import { readFileSync } from 'node:fs';
import type { Point } from '../question.ts';

const SAMPLE_EVERY_MS = 100;

/** Most resident memory a running process ever had (VmHWM, proc(5)), in MB. */
export function peakMemoryOf(pid: number): number {
  return megabytes(pid, 'VmHWM');
}

/** Writes down a process's resident memory against the seconds since now, until the returned function is called. */
export function sampleMemory(pid: number): () => readonly Point[] {
  const points: Point[] = [];
  const begun = performance.now();
  const sample = (): void => {
    points.push([round((performance.now() - begun) / 1000), megabytes(pid, 'VmRSS')]);
  };
  sample();
  const timer = setInterval(sample, SAMPLE_EVERY_MS);
  return () => {
    clearInterval(timer);
    return points;
  };
}

function megabytes(pid: number, field: string): number {
  const [, kibibytes] =
    new RegExp(`^${field}:\\s*(\\d+) kB`, 'm').exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return round((Number(kibibytes) * 1024) / 1e6);
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
