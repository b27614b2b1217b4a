import { CONTROL_DEADLINE_MS } from '../engine/attempts.ts';
import type { Reserved } from '../engine/client.ts';
import type { RunContext } from './context.ts';

/** Ten logins of some seconds each, of which a few are under way at a time, are not done within the deadline of a call. */
const RESERVE_MS = 60_000;

/**
 * A connection for a run's stream, before the engine hears of the run: that may take a login, for which others may be waiting as
 * well; who gives a run little time does not want to wait for that either. undefined where the run is ended before. Throws AppError: ENGINE_UNREACHABLE, ENGINE_TIMEOUT.
 */
export async function reserveConnection(
  { engine, ending }: RunContext,
  timeoutMs?: number | undefined,
): Promise<Reserved | undefined> {
  const reserving = engine.reserve(Math.min(RESERVE_MS, Math.max(CONTROL_DEADLINE_MS, timeoutMs ?? RESERVE_MS)));
  const first = await Promise.race([reserving, ending.happened]);
  if (typeof first !== 'string') return first;
  const release = (reserved: Reserved): void => reserved.release();
  reserving.then(release, () => undefined);
  return undefined;
}
