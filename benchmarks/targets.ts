import { demux, moving, parseCopy, peak, product, type Target } from './target.ts';

const MODEM = 'docker-modem, to Buffers only';
const EXEC = { question: 'exec-stream', against: 'docker exec | cat', wall: 1, cpu: 1 };
const LOGS = { against: 'docker logs | cat' };
const FRAMES = {
  ASCII: ['ASCII, 80 B frames', 'ASCII, 16 KiB frames'],
  CJK: ['CJK, 80 B frames', 'CJK, 16 KiB frames'],
};

function javascript(what: string, against: string): Target[] {
  const cases = (names: readonly string[], value: number) => Object.fromEntries(names.map((name) => [name, value]));
  return demux(what, against, { ...cases(FRAMES.ASCII, 5), ...cases(FRAMES.CJK, 20) });
}

/** In the order of the report's first table. */
export const TARGETS: readonly Target[] = [
  ...demux('Frames to JSON-RPC vs docker-modem', MODEM, { 'ASCII, 80 B frames': 250, 'ASCII, 16 KiB frames': 2 }),
  ...javascript('Frames to JSON-RPC vs JavaScript that decodes', 'JavaScript, text decoded'),
  ...javascript('Frames to JSON-RPC vs the fastest JavaScript', 'JavaScript, bytes as Latin-1'),
  parseCopy('80 B frames', 0.3),
  parseCopy('16 KiB frames', 0.6),
  parseCopy('64 KiB frames', 0.6),
  ...moving({ what: 'Exec stream, 400 MB ASCII', case: '400 MB ASCII', ...EXEC }),
  ...moving({ what: 'Exec stream, 400 MB CJK', case: '400 MB CJK', ...EXEC }),
  ...moving({
    what: 'Log of 500 000 lines',
    question: 'logs-read',
    case: '500 000 lines of 100 B',
    ...LOGS,
    wall: 0.6,
    cpu: 0.25,
  }),
  ...moving({
    what: 'Four logs at once',
    question: 'logs-four',
    case: '4 × 200 000 lines of 100 B',
    ...LOGS,
    wall: 0.4,
    cpu: 0.15,
  }),
  product({
    what: 'Exec of `true`, p50',
    question: 'exec-latency',
    measure: 'Time from request to result',
    case: 'p50',
    against: 'docker exec',
    value: 0.75,
    unit: '×',
  }),
  product({
    what: 'Main loop delay p99, 8 streams',
    question: 'responsiveness',
    measure: 'Delay of the main loop',
    case: 'p99',
    value: 5,
    unit: 'ms',
  }),
  product({
    what: '`health` p99, 8 streams',
    question: 'responsiveness',
    measure: 'Time of health',
    case: 'p99',
    value: 25,
    unit: 'ms',
  }),
  product({
    what: 'Sparse output, p50',
    question: 'sparse',
    measure: 'Time from the write to stdout',
    case: 'p50',
    against: 'docker exec',
    value: 2,
    unit: '×',
  }),
  product({
    what: 'Start to the first answer',
    question: 'start',
    measure: 'Time to the first answer',
    case: 'start',
    against: 'node -e 0',
    value: 5,
    unit: '×',
  }),
  peak('2 GB streamed'),
  peak('2 GB buffered'),
  peak('client stopped reading'),
];
