import type { CallFinished, RunFacts } from '../observe/events.ts';

type Ending = Pick<CallFinished, 'outcome' | 'exitCode' | 'termination' | 'stdoutBytes' | 'stderrBytes'>;

/** What is learned of a call while it is handled, so that its audit record is complete however it ends. */
export class CallRecord {
  run: RunFacts | undefined;
  /** The policy rule that let it through. */
  rule: string | undefined;
  ending: Ending = {};
  /** Whether a `started` record was written, so that the run must be told about even if its end cannot be audited. */
  started = false;
}
