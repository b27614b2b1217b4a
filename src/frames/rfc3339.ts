/** Nanoseconds since the epoch: what the engine's timestamps resolve, and more than a JavaScript number can. */
export type Nanoseconds = bigint;

const RFC_3339 = /^(\d{4}-\d{2}-\d{2})[Tt](\d{2}:\d{2}:\d{2})(?:\.(\d{1,9}))?([Zz]|[+-]\d{2}:\d{2})$/;

/** An RFC 3339 time with at most nine digits of fraction; undefined for anything else, and for times not on the calendar. */
export function fromRfc3339(text: string): Nanoseconds | undefined {
  const match = RFC_3339.exec(text);
  if (match === null) return undefined;
  const [, date, time, digits, zone] = match;
  if (!isOnCalendar(`${date}T${time}`)) return undefined;
  const ms = Date.parse(`${date}T${time}${zone?.toUpperCase()}`);
  return Number.isNaN(ms) ? undefined : BigInt(ms) * 1_000_000n + fraction(digits);
}

/** Nanoseconds of up to nine digits behind the point. */
export function fraction(digits: string | undefined): Nanoseconds {
  return BigInt((digits ?? '').padEnd(9, '0'));
}

/** JavaScript takes February 30 and 24:00 for a later day: what does not come back as written does not exist. */
function isOnCalendar(dateTime: string): boolean {
  const ms = Date.parse(`${dateTime}Z`);
  return !Number.isNaN(ms) && new Date(ms).toISOString().startsWith(dateTime);
}
