import type { Reserved } from '../engine/client.ts';
import type { RunContext } from './context.ts';

/**
 * A connection for a run's stream, before the engine hears of the run: that may take a login, for which others may be waiting as
 * well. undefined where the run is ended before. Throws AppError: ENGINE_UNREACHABLE, ENGINE_TIMEOUT.
 */
export async function reserveConnection({ engine, ending }: RunContext): Promise<Reserved | undefined> {
  const reserving = engine.reserve();
  const first = await Promise.race([reserving, ending.happened]);
  if (typeof first !== 'string') return first;
  const release = (reserved: Reserved): void => reserved.release();
  reserving.then(release, () => undefined);
  return undefined;
}
