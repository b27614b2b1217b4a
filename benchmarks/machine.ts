import { execFileSync } from 'node:child_process';
import { cpus, loadavg, totalmem, type } from 'node:os';
import { fileURLToPath } from 'node:url';

const REPOSITORY = fileURLToPath(new URL('../', import.meta.url));

export interface Machine {
  readonly processor: string;
  readonly cores: number;
  readonly memoryGiB: number;
  readonly system: string;
  readonly node: string;
}

/** What the figures depend on besides the machine. */
export interface Circumstances {
  /** ISO 8601, UTC. */
  readonly date: string;
  /** Short hash; ends in `-dirty` where files differ from it. */
  readonly commit: string;
  /** Mean number of runnable processes in the minute before: above 0, something else was running too. */
  readonly load: number;
}

export function machine(): Machine {
  const processors = cpus();
  return {
    processor: processors[0]?.model.trim() ?? 'unknown',
    cores: processors.length,
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    system: `${type()} ${process.arch}`,
    node: process.version,
  };
}

export function circumstances(): Circumstances {
  const commit = execFileSync('git', ['describe', '--always', '--dirty', '--exclude=*'], {
    cwd: REPOSITORY,
    encoding: 'utf8',
  });
  const [load = 0] = loadavg();
  return { date: new Date().toISOString(), commit: commit.trim(), load: Math.round(load * 100) / 100 };
}
