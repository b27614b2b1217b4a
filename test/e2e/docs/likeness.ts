type Json = Readonly<Record<string, unknown>>;

/** Fields whose values are another time's or machine's. */
const OF_THE_MOMENT = ['traceId', 'durationMs', 'uptimeMs', 'completed', 'image', 'endpoint', 'version'];
/** The same within texts. */
const IDS_AND_TIMES = /\bex_[\w-]{12}(?![\w-])|\b[0-9a-f]{12}(?:[0-9a-f]{52})?\b|\d{4}-\d\d-\d\dT[\d:.]+Z|\bUp .+$/g;

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** `actual`, cut to what an example shows of it: `…` stands for fields not shown, or for the rest of a text. */
export function asShown(actual: unknown, shown: unknown): unknown {
  if (typeof actual === 'string' && typeof shown === 'string' && shown.endsWith('…'))
    return `${actual.slice(0, shown.length - 1)}…`;
  if (Array.isArray(actual) && Array.isArray(shown)) return actual.map((entry, index) => asShown(entry, shown[index]));
  if (!isObject(actual) || !isObject(shown)) return actual;
  const fields = Object.entries(actual).filter(([key]) => key in shown || !('…' in shown));
  const rest = '…' in shown ? { '…': '…' } : {};
  return { ...Object.fromEntries(fields.map(([key, value]) => [key, asShown(value, shown[key])])), ...rest };
}

/** A value without what differs from run to run; its type stays. */
export function lasting(value: unknown, key = ''): unknown {
  if (OF_THE_MOMENT.includes(key)) return typeof value;
  if (typeof value === 'string') return value.replace(IDS_AND_TIMES, '*');
  if (Array.isArray(value)) return value.map((entry) => lasting(entry));
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, entry]) => [name, lasting(entry, name)]));
}
