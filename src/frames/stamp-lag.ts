import type { Nanoseconds } from './rfc3339.ts';

/**
 * The engine stamps a line before it waits to write it, so that a line may stand behind later ones of the other channel: for
 * milliseconds in truth, and never for as long as this.
 */
export const MAX_LAG: Nanoseconds = 1_000_000_000n;
