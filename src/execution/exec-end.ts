import { STATUS } from '../frames/demuxer.ts';
import type { Outcome, Termination } from '../protocol/outcome.ts';
import type { Started } from './exec-start.ts';
import type { FinalState } from './final-state.ts';
import type { StreamEnd } from './output.ts';
import type { Straggler } from './straggler.ts';

/** How an exec ended, as far as the report says it. */
export interface Ended {
  readonly outcome: Outcome;
  readonly termination: Termination;
  readonly exitCode: number | null;
  readonly notices: readonly string[];
}

/** What showed first that an exec ended by itself. */
export type NaturalEnd = StreamEnd | Straggler;

const NO_EXIT_CODE = 'The engine says that the command ended, but not with which exit code.';

/** The end of an exec that nobody ended from outside. */
export function toEnded(final: Exclude<FinalState, { kind: 'interrupted' }>, end: NaturalEnd, started: Started): Ended {
  if (final.kind === 'gone') {
    return {
      outcome: 'lost',
      termination: final.containerGone ? 'none' : 'unknown',
      exitCode: null,
      notices: [`The run was lost: ${final.reason}`],
    };
  }
  const broken = brokenStream(end, started);
  if (broken !== undefined) {
    return { outcome: 'lost', termination: 'none', exitCode: null, notices: [broken] };
  }
  const { exitCode } = final.state;
  if (!Number.isInteger(exitCode)) {
    return { outcome: 'lost', termination: 'none', exitCode: null, notices: [NO_EXIT_CODE] };
  }
  return { outcome: 'exited', termination: 'none', exitCode, notices: [] };
}

/** Why output may be missing although the process ended by itself. */
function brokenStream(end: NaturalEnd, started: Started): string | undefined {
  if (end.kind === 'broken') return `The connection to the engine broke: ${end.error.message}`;
  if (started.output.delivery.status === STATUS.truncated) return 'The output broke off in the middle of a frame.';
  if (started.output.delivery.status === STATUS.corrupt) return 'The engine sent something that is not a frame.';
  if (started.output.delivery.status === STATUS.systemError) {
    return `The engine reported an error in the stream: ${started.output.demuxer.systemError()}`;
  }
  return undefined;
}

/** What a kill leaves to be said. */
export function terminationNotices(termination: Termination): string[] {
  if (termination === 'escaped') return ['Something the command started was still alive after SIGKILL.'];
  if (termination === 'unknown') {
    return [
      'Whether everything the command started is gone could not be verified: the container has no usable shell or did not ' +
        'answer, or an orphan in it may be the command’s.',
    ];
  }
  return [];
}
