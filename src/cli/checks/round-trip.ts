import { AppError } from '../../errors.ts';
import type { RoundTrip } from '../surroundings.ts';
import { type Check, messageOf } from './check.ts';

const NAME = 'round trip';

function result({ container, user, printed, ms }: RoundTrip): Check {
  if (printed)
    return { name: NAME, status: 'ok', detail: `a command ran in ${container} as ${user} and was read (${ms} ms)` };
  return {
    name: NAME,
    status: 'warn',
    detail: `nothing came back from a shell in ${container} as ${user}`,
    mend: 'If the image has no /bin/sh, commands without a shell still run, but whether a stopped one is gone cannot be verified.',
  };
}

/** Whether a command's output comes back from a container; `run` runs one there. */
export async function checkRoundTrip(run: () => Promise<RoundTrip>): Promise<Check> {
  try {
    return result(await run());
  } catch (thrown) {
    const hint = thrown instanceof AppError ? thrown.hint : undefined;
    return {
      name: NAME,
      status: 'fail',
      detail: messageOf(thrown),
      mend: hint ?? 'Give the name of a running container.',
    };
  }
}
