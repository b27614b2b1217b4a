/** Where a shape runs. `alone`, as what it leaves for a time or for good, without a sign, could be any other run's there. */
export type Surroundings = 'plain' | 'no capabilities' | 'no shell' | 'paused' | 'alone';

/** A tree of processes that a command starts, and what is to become of it when the run is ended. */
export interface Shape {
  readonly name: string;
  /** The command; `word` is a number of seconds that no other run sleeps for. */
  readonly cmd: (word: string) => readonly string[];
  /** How many of its processes have `word` as an argument. */
  readonly processes: number;
  readonly surroundings?: Surroundings;
  readonly user?: string;
  readonly tty?: boolean;
  /** Of those processes, how many are still alive afterwards; 0 by default. */
  readonly left?: number;
  /** What the run's end says; `killed` by default. */
  readonly termination?: 'escaped' | 'unknown';
  readonly remark?: string;
}

const sh =
  (script: (sleep: string, word: string) => string): Shape['cmd'] =>
  (word) => ['sh', '-c', script(`sleep ${word}`, word)];

/** A file that a command makes once its sleep is over, so never. */
export const sequelOf = (word: string): string => `/tmp/C-${word}`;

export const SHAPES: readonly Shape[] = [
  { name: 'one process', cmd: (word) => ['sleep', word], processes: 1 },
  { name: 'TERM ignored', cmd: sh((sleep) => `trap '' TERM; ${sleep}; ${sleep}`), processes: 1 },
  {
    name: 'children and grandchildren',
    cmd: sh((sleep) => `sh -c "${sleep} & ${sleep}; :" & ${sleep} & wait`),
    processes: 3,
  },
  { name: 'background jobs of `set -m`', cmd: sh((sleep) => `set -m; ${sleep} & ${sleep} & wait`), processes: 2 },
  { name: '`setsid`', cmd: sh((sleep) => `setsid ${sleep} & ${sleep}; :`), processes: 2 },
  { name: 'double fork', cmd: sh((sleep) => `(setsid sh -c '${sleep} & exit' &); ${sleep}; :`), processes: 2 },
  {
    name: '`sh -c "sleep 99; touch /tmp/C"`',
    cmd: sh((sleep, word) => `${sleep}; touch ${sequelOf(word)}`),
    processes: 1,
    remark: 'the `touch` never happens',
  },
  { name: 'busybox `timeout`', cmd: (word) => ['timeout', '99999', 'sleep', word], processes: 2 },
  { name: '`tty: true`', cmd: sh((sleep) => `trap '' HUP; ${sleep}; :`), processes: 1, tty: true },
  {
    name: 'in the background, HUP ignored, no output (`nohup`)',
    cmd: sh((sleep) => `(trap '' HUP; exec ${sleep} >/dev/null 2>&1) & exec ${sleep}`),
    processes: 2,
  },
  { name: '`env -i` child', cmd: sh((sleep) => `env -i ${sleep} & exec ${sleep}`), processes: 2 },
  {
    name: '`env -i setsid` child that ignores TERM',
    cmd: sh((sleep) => `env -i setsid sh -c "trap '' TERM; ${sleep}; ${sleep}" & exec ${sleep}`),
    processes: 2,
    surroundings: 'alone',
  },
  { name: 'another user', cmd: sh((sleep) => `${sleep} & ${sleep}; :`), processes: 2, user: '65534:65534' },
  {
    name: 'container with `--cap-drop ALL`',
    cmd: sh((sleep) => `setsid ${sleep} & ${sleep}; :`),
    processes: 2,
    surroundings: 'no capabilities',
  },
  {
    name: 'container without a shell',
    cmd: (word) => ['/sleep', word],
    processes: 1,
    surroundings: 'no shell',
    remark: 'by the host’s pids, where the engine is on the same machine; elsewhere `unknown`',
  },
  {
    name: 'paused container',
    cmd: sh((sleep, word) => `${sleep}; touch ${sequelOf(word)}`),
    processes: 1,
    left: 1,
    termination: 'escaped',
    surroundings: 'paused',
    remark: 'frozen; gone the moment it is unpaused. With cgroup v2 KILL works at once',
  },
  {
    name: '`env -i` + `setsid` + double fork',
    cmd: sh((sleep) => `(env -i setsid sh -c '${sleep} & exit' &); ${sleep}; :`),
    processes: 2,
    left: 1,
    termination: 'unknown',
    surroundings: 'alone',
    remark: 'bears no sign of its run; an orphan that may be the run’s is why nobody says `killed`',
  },
];

/** Why a run is ended from outside. */
export const REASONS = ['timeout', 'cancel', 'client gone'] as const;
export type Reason = (typeof REASONS)[number];
