const NANOSECONDS_PER_SECOND = 1_000_000_000n;

/** Nanoseconds since the epoch as the engine's query takes them: `seconds.nanoseconds`. It takes no sign; what lies before 1970 is older than any log. */
export function toEngineTime(time: bigint): string {
  const positive = time < 0n ? 0n : time;
  return `${positive / NANOSECONDS_PER_SECOND}.${String(positive % NANOSECONDS_PER_SECOND).padStart(9, '0')}`;
}

/** What `toEngineTime` wrote. */
export function fromEngineTime(text: string): bigint {
  return BigInt(text.replace('.', ''));
}
