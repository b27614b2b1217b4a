import { describe, expect, it } from 'vitest';
import { evaluate } from '../../src/policy/evaluate.ts';
import { ALLOWLIST, argvOf, type Case, type CommandLike } from './case.ts';
import { containerOf, settingsOf } from './judge.ts';

/** The largest single argument the input takes, to the nearest thousand. */
const ARGUMENT = 130_000;
/** The longest text that is parsed. */
const READ = 16_000;
/** The goal is 10 ms; the garbage collector's own threads count here as well. */
const MOST_MS = 50;
const TRIES = 5;

function repeated(piece: string, length: number): string {
  return piece.repeat(Math.floor(length / piece.length));
}

/** Pieces of shell text that, repeated, cost a parser or a matcher most. */
const PIECES = [
  ...[
    'a ',
    'a;',
    'a|',
    'a&',
    '>a ',
    'a=b;',
    '! ',
    '~ ',
    '$a',
    '"$a" ',
    '`a`',
    '$(',
    '$(a)',
    `\${a:-`,
    '((',
    '((a))',
    '( ',
    '{ ',
  ],
  ...[
    '*',
    '/p*[a-z]? ',
    '/dev/* ',
    '{a,b}',
    '{a,',
    '@(a)',
    '@(',
    "'a'",
    "$'a'",
    '"',
    "'",
    '\\',
    '\\\n',
    '#\n',
    'a\r\n',
    '日本',
  ],
  ...[
    '[[ a',
    '[[ a ]];',
    'if a;then ',
    'while a;do ',
    'for i in a;do ',
    'select a in b;do ',
    'case a in a) b;; esac;',
    'case a in ',
  ],
  ...[
    '<<a ',
    '<<<a ',
    '<<A\n',
    '<(a)',
    'f(){ a;};',
    'eval ',
    'sh -c ',
    'cd a;',
    'cd a$b;',
    'x=/dev;',
    'dev ',
    '/dev/a ',
    'a/dev ',
  ],
  ...[
    '=',
    '=/a',
    ',/dev',
    ':/dev',
    '/',
    '../',
    'http://',
    ' http://a/dev',
    'file:///dev,',
    '-a',
    '-I/a',
    '%64ev/',
    'a[$(',
    's/a/b/;',
  ],
];

const WIDE: readonly (readonly string[])[] = [
  ['ls', ...Array.from({ length: 150_000 }, () => 'b')],
  ['x', ...Array.from({ length: 100_000 }, () => 'b/dev')],
  Array.from({ length: 100_000 }, () => 'env'),
  ['watch', ...Array.from({ length: 100_000 }, () => 'eval')],
  ['find', ...Array.from({ length: 30_000 }, () => ['-exec', 'ls', ';']).flat()],
  ['env', ...Array.from({ length: 100_000 }, () => 'A=1'), 'ls'],
  ['x', ...Array.from({ length: 100_000 }, () => '--pid')],
  ['echo', ...Array.from({ length: 15 }, () => repeated('a/', ARGUMENT))],
  ['echo', ...Array.from({ length: 15 }, () => repeated('=/dev', ARGUMENT))],
  ['sh', '-c', ...Array.from({ length: 15 }, () => repeated('a;', ARGUMENT))],
  ['awk', repeated('||', ARGUMENT)],
  ['sed', repeated('s/a/', 1000)],
];

const MODES: readonly Case['env'][] = [{}, ALLOWLIST];

/** Processor time, the least of several tries: what the decision costs, without what else the machine does. */
function decisionMs(command: CommandLike, env: Case['env']): number {
  const { policy } = settingsOf(env);
  const request = {
    kind: 'exec',
    container: containerOf(),
    cmd: argvOf(command),
    env: [],
    workdir: undefined,
  } as const;
  let shortest = Number.POSITIVE_INFINITY;
  for (let left = TRIES; left > 0 && shortest > 10; left -= 1) {
    const before = process.cpuUsage();
    evaluate(request, policy);
    const { user, system } = process.cpuUsage(before);
    shortest = Math.min(shortest, (user + system) / 1000);
  }
  return shortest;
}

function slowest(commands: readonly CommandLike[]): { ms: number; what: string } {
  const times = commands.flatMap((command) =>
    MODES.map((env) => ({ ms: decisionMs(command, env), what: JSON.stringify([command, env]).slice(0, 120) })),
  );
  return times.reduce((most, one) => (one.ms > most.ms ? one : most));
}

describe('a decision takes bounded time', () => {
  it.each([
    ['a text that is just read', READ],
    ['the longest argument', ARGUMENT],
  ])('over %s', (_, length) => {
    const { ms, what } = slowest(PIECES.map((piece) => `echo ${repeated(piece, length)}`));
    expect(ms, what).toBeLessThan(MOST_MS);
  });

  it('over the longest command', () => {
    const { ms, what } = slowest(WIDE);
    expect(ms, what).toBeLessThan(3 * MOST_MS);
  });
});
