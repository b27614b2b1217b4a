import { describe, expect, it } from 'vitest';
import { frame } from '../../contract/frames.ts';
import type { Endpoint, Script } from '../../fake-engine/containers.ts';
import { cut } from '../../fake-engine/faults.ts';
import { type Bench, type Ended, forEach, useBench } from './bench.ts';

/** Calls at a time: enough to be quick, few enough to be told apart from overload. */
const WIDTH = 48;
/** Nothing here has to wait for a deadline. */
const AT_ONCE_MS = 5_000;

/** An archive is nearly all padding: of a body, so many bytes are taken one by one, and then every so many-th. */
const EVERY_ONE_OF = 256;
const STRIDE = 61;

const PASSWD = Buffer.from('app:x:1000:1000::/:/bin/sh\n');
const OUTPUT = Buffer.concat([frame(1, 'out\n'), frame(2, 'err\n')]);
/** Where the output's whole frames end. */
const FRAME_ENDS = [0, 12, 24];
const SCRIPT: Script = { passwd: PASSWD, output: OUTPUT };

type Breakage = 'end' | 'reset';

/** The answer to one request, at a position of which the connection breaks off. */
interface Place {
  readonly endpoint: Endpoint;
  readonly how: Breakage;
  readonly at: number;
  readonly bodyAt: number;
}

/** Breaks the answer off at each of its bytes, and hands every call's end to `check`. */
async function atEveryByte(
  bench: Bench,
  endpoint: Endpoint,
  how: Breakage,
  check: (ended: Ended, place: Place) => void,
): Promise<void> {
  const call = endpoint === 'logs' ? bench.logs : bench.exec;
  // Names are looked up in the container's own files.
  const args = endpoint === 'logs' ? {} : { user: 'app' };
  await call(SCRIPT, args);
  const { bytes, bodyAt } = bench.engine.answers.get(endpoint) ?? { bytes: '', bodyAt: 0 };
  const length = endpoint === 'stat' ? bodyAt : bytes.length;
  expect(length).toBeGreaterThan(50);
  const positions = [...Array(length).keys()].filter(
    (at) => at < bodyAt + EVERY_ONE_OF || (at - bodyAt) % STRIDE === 0,
  );
  await forEach(positions, WIDTH, async (at) => {
    const ended = await call({ ...SCRIPT, faults: { [endpoint]: cut(at, how) } }, args);
    expect(ended.ms).toBeLessThan(AT_ONCE_MS);
    check(ended, { endpoint, how, at, bodyAt });
  });
}

/** Nothing was run, and the client is told that the engine went. */
function expectUnreachable({ end, reply }: Ended): void {
  expect(end).toBe('ENGINE_UNREACHABLE');
  expect(reply.structured).toMatchObject({ error: { retryable: true } });
}

/** The file is whole 512 bytes into the archive and its own length on; what follows is padding. */
function expectFileOrFailure({ end }: Ended, { at, bodyAt }: Place): void {
  const whole = at >= bodyAt + 512 + PASSWD.length;
  expect(end).toMatch(whole ? /^(?:exited|ENGINE_(?:UNREACHABLE|ERROR))$/ : /^ENGINE_(?:UNREACHABLE|ERROR)$/);
}

function expectLost({ end, reply }: Ended): void {
  expect(end).toBe('lost');
  expect(reply.structured).toMatchObject({ termination: 'unknown', stdout: 'out\n', stderr: 'err\n' });
}

/** A start that is not answered may have been obeyed. One that is has an end: the engine's word, if the output was whole. */
function expectNoGuess(ended: Ended, { at, bodyAt }: Place): void {
  if (at < bodyAt) expect(ended.end).toBe('lost');
  else expect(ended.end).toMatch(FRAME_ENDS.includes(at - bodyAt) ? /^(?:exited|lost)$/ : /^lost$/);
}

function expectNoGuessedLog(ended: Ended, { at, bodyAt }: Place): void {
  if (at < bodyAt) expectUnreachable(ended);
  else expect(ended.end).toMatch(at === bodyAt ? /^(?:ended|lost)$/ : /^lost$/);
}

const CHECKS: readonly (readonly [Endpoint, (ended: Ended, place: Place) => void])[] = [
  ['container', expectUnreachable],
  ['stat', expectUnreachable],
  ['archive', expectFileOrFailure],
  ['create', expectUnreachable],
  ['start', expectNoGuess],
  ['exec', expectLost],
  ['logs', expectNoGuessedLog],
];

describe('a connection that ends at any byte of the answer', () => {
  const bench = useBench();
  it.each(CHECKS)('is told for what it is: %s', (endpoint, check) => atEveryByte(bench, endpoint, 'end', check));
});

describe('a connection that is reset at any byte of the answer', () => {
  const bench = useBench('tcpHost');
  it.each(CHECKS)('is told for what it is: %s', (endpoint, check) => atEveryByte(bench, endpoint, 'reset', check));
});
