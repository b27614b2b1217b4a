/** How much each load test does. `LOAD=full` is what `npm run test:load` runs; `npm test` runs the same tests, small. */
interface Scale {
  /** Bytes read of each of the ten endless streams before they are cancelled. */
  readonly slowBytes: number;
  /** Execs that wait at once. */
  readonly queued: number;
  /** Execs one after the other. */
  readonly row: number;
  /** Bytes of one command's output, both channels together. */
  readonly outputBytes: number;
  /** Bytes of one container's log, both channels together. */
  readonly logBytes: number;
  /** Milliseconds a test may take. */
  readonly patienceMs: number;
}

const MIB = 1024 * 1024;

const SHORT: Scale = {
  slowBytes: MIB / 2,
  queued: 40,
  row: 40,
  outputBytes: 128 * MIB,
  logBytes: 24 * MIB,
  patienceMs: 120_000,
};

const FULL: Scale = {
  slowBytes: 24 * MIB,
  queued: 1000,
  row: 5000,
  outputBytes: 2000 * MIB,
  logBytes: 500 * MIB,
  patienceMs: 900_000,
};

/** Resident memory of the server in bytes, however much goes through one run. */
export const MOST_MEMORY = 200 * MIB;

const full = process.env['LOAD'] === 'full';

export const scale = full ? FULL : SHORT;

/** Says what a test of the full form measured; the short form's figures say nothing. */
export function tell(what: string, figures: Readonly<Record<string, unknown>>): void {
  if (full) process.stdout.write(`${what}: ${JSON.stringify(figures)}\n`);
}
