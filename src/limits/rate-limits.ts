import type { Config } from '../config/schema.ts';
import { AppError } from '../errors.ts';
import { TokenBucket } from './token-bucket.ts';

export type LimitedClass = 'exec' | 'logs';

/** Takes one token for a call that passed every other check. Throws AppError RATE_LIMITED with `retryAfterMs`. */
export type TakeToken = (limited: LimitedClass) => void;

/** One bucket a class, from MCP_DOCKER_EXEC_PER_MINUTE and MCP_DOCKER_LOGS_PER_MINUTE; `now` in monotonic milliseconds. */
export function createRateLimits(
  config: Pick<Config, 'rateLimits' | 'execPerMinute' | 'logsPerMinute'>,
  now: () => number,
): TakeToken {
  if (!config.rateLimits) return () => undefined;
  const perMinute = { exec: config.execPerMinute, logs: config.logsPerMinute };
  const buckets = {
    exec: new TokenBucket({ capacity: perMinute.exec, now }),
    logs: new TokenBucket({ capacity: perMinute.logs, now }),
  };
  return (limited) => {
    const taken = buckets[limited].take();
    if (!taken.ok) throw rateLimited(limited, perMinute[limited], taken.retryAfterMs);
  };
}

function rateLimited(limited: LimitedClass, perMinute: number, retryAfterMs: number): AppError {
  return new AppError('RATE_LIMITED', `More than ${perMinute} docker_${limited} calls a minute.`, {
    retryAfterMs,
    hint: `Wait ${retryAfterMs} ms, or let the operator raise MCP_DOCKER_${limited.toUpperCase()}_PER_MINUTE.`,
  });
}
