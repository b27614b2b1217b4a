/** What a figure of the results is to reach; `against` makes it a ratio to another contender of the same case. */
export interface Target {
  readonly what: string;
  readonly question: string;
  readonly measure: string;
  readonly case: string;
  readonly contender: string;
  readonly against?: string;
  readonly bound: 'at least' | 'at most';
  readonly value: number;
  /** `×` for a ratio, else the measure's own. */
  readonly unit: '×' | 'ms' | 'MB';
}

const PRODUCT = 'mcp-docker-exec';

/** The native demuxer’s throughput against another contender’s, by case. */
export function demux(what: string, against: string, cases: Readonly<Record<string, number>>): Target[] {
  return Object.entries(cases).map(([name, value]) => ({
    what: `${what}: ${name}`,
    question: 'demux',
    measure: 'Throughput',
    case: name,
    contender: 'native, to JSON-RPC lines',
    against,
    bound: 'at least',
    value,
    unit: '×',
  }));
}

/** Of frames of a size, by what `parse-copy` measured. */
export function parseCopy(name: string, value: number): Target {
  return {
    what: `Frames taken apart and copied vs memcpy, cold memory: ${name}`,
    question: 'parse-copy',
    measure: 'Throughput',
    case: name,
    contender: 'frames taken apart and copied',
    against: 'memcpy',
    bound: 'at least',
    value,
    unit: '×',
  };
}

interface Moving {
  readonly what: string;
  readonly question: string;
  readonly case: string;
  readonly against: string;
  readonly wall: number;
  readonly cpu: number;
}

/** Wall and processor time of an output that was moved. */
export function moving({ what, wall, cpu, ...where }: Moving): Target[] {
  const measures = { 'Wall time': wall, 'Processor time of the client side': cpu };
  return Object.entries(measures).map(([measure, value]) => ({
    what: `${what}: ${measure.toLowerCase()}`,
    ...where,
    measure,
    contender: PRODUCT,
    bound: 'at most',
    value,
    unit: '×',
  }));
}

/** What the whole server may take at most. */
export function product(target: Omit<Target, 'contender' | 'bound'>): Target {
  return { ...target, contender: PRODUCT, bound: 'at most' };
}

/** The most memory the server may ever have had. */
export function peak(name: string): Target {
  const where = { question: 'memory', measure: 'Peak resident memory', case: name };
  return product({ what: `Peak memory: ${name}`, ...where, value: 130, unit: 'MB' });
}
