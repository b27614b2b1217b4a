/** How a run ended. */
export const OUTCOMES = ['exited', 'timeout', 'cancelled', 'ended', 'limit', 'lost', 'dry_run'] as const;
export type Outcome = (typeof OUTCOMES)[number];

/** What the kill did; never a guess. */
export const TERMINATIONS = ['none', 'killed', 'escaped', 'unknown'] as const;
export type Termination = (typeof TERMINATIONS)[number];

const FAILURES: ReadonlySet<Outcome> = new Set<Outcome>(['timeout', 'cancelled', 'lost']);

/** Whether a result with this outcome is marked `isError`. */
export function isFailure(outcome: Outcome): boolean {
  return FAILURES.has(outcome);
}
