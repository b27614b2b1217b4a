import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { evaluate } from '../../src/policy/evaluate.ts';
import { ALLOWLIST, type Case, DENYLIST } from './case.ts';
import { containerOf, settingsOf } from './judge.ts';

function isAllowed(cmd: readonly string[], env: Case['env'] = {}): boolean {
  const request = { kind: 'exec', container: containerOf(), cmd, env: [], workdir: undefined } as const;
  return evaluate(request, settingsOf(env).policy).allowed;
}

/** A letter in some spelling a shell reads as that letter. */
const spellings = fc.constantFrom(
  ...['@', "'@'", '"@"', '\\@', '""@', "@''", '\\\n@', '"\\\n@"'].map(
    (form) => (letter: string) => form.replace('@', letter),
  ),
);
const spelledId = fc.tuple(spellings, spellings).map(([first, second]) => first('i') + second('d'));

const prefixes = fc.constantFrom(
  ...[
    '',
    'env A=1 ',
    'timeout 5 ',
    'nice -n 3 ',
    'nohup setsid ',
    'busybox ',
    '>out A=1 ',
    'exec ',
    'command ',
    'xargs ',
    '/usr/bin/',
  ],
);

/** Texts in which another text is run. */
const around = fc.constantFrom(
  ...[
    'ls; @',
    'ls | @',
    'ls && @',
    '( @ )',
    '{ @; }',
    'echo $( @ )',
    'echo "$( @ )"',
    'if ls; then @; fi',
    '! { @; }',
    'x=$( @ ) ls',
  ].map((form) => (text: string) => form.replace('@', () => text)),
  (text: string) => `sh -c '${text.replaceAll("'", `'\\''`)}'`,
  (text: string) => `eval '${text.replaceAll("'", `'\\''`)}'`,
  (text: string) => `cat <<E\n$( ${text} )\nE`,
  (text: string) => `for i in 1; do ${text}\ndone`,
  (text: string) => `case a in a) ${text};; esac`,
  (text: string) => `echo # a comment\n${text}`,
);

describe('a command that is denied', () => {
  it('is so in every spelling and wrapping', () => {
    fc.assert(
      fc.property(spelledId, prefixes, fc.array(around, { maxLength: 4 }), (name, prefix, layers) => {
        const text = layers.reduce((inner, layer) => layer(inner), `${prefix}${name} -u`);
        for (const shell of [['sh'], ['bash'], ['/bin/dash'], ['busybox', 'sh']]) {
          expect(isAllowed([...shell, '-c', text], DENYLIST), text).toBe(false);
          expect(isAllowed([...shell, '-c', text], ALLOWLIST), text).toBe(false);
        }
      }),
      { numRuns: 300 },
    );
  });
});

describe('a path that is denied', () => {
  const climbs = fc.constantFrom('/', '//', '/./', '/tmp/../', '/../', '/usr/lib/../../');
  const values = fc.constantFrom('@', '--file=@', 'if=@', '-I@', '1:@', 'x=1,y=@', '@/.', '@/', '@/../proc/1');
  it('is so in every spelling', () => {
    fc.assert(
      fc.property(climbs, values, fc.constantFrom('proc', 'sys', 'dev'), (climb, value, name) => {
        const word = value.replace('@', `${climb}${name}`);
        expect(isAllowed(['x', word]), word).toBe(false);
        expect(isAllowed(['sh', '-c', `x '${word}'`]), word).toBe(false);
      }),
    );
  });
});

describe('ordinary commands', () => {
  const program = fc.constantFrom(
    ...'npm git pytest ls cat grep sed awk make curl node python3 tar find echo sh bash'.split(' '),
  );
  const letters = fc.constantFrom(...'abcxyz019 ;|&$"\'*?.-_=:,日ёع{}()[]<>!#%^\\\n\t');
  const argument = fc.string({ unit: letters }).filter((text) => !text.startsWith('--p') && !text.includes('..'));
  it('are never refused while no list is in force', () => {
    fc.assert(
      fc.property(program, fc.array(argument), (name, args) => {
        expect(isAllowed([name, ...args])).toBe(true);
      }),
      { numRuns: 500 },
    );
  });
});

describe('the shell layer', () => {
  const token = fc.oneof(
    fc.constantFrom(
      ...'if then else fi for in do done while case esac { } ( ) ; ;; & && | || ! [[ ]] (( )) < > << <<< >> <( $( ${ $(( ` " \' \\ # $x $* * ? [ ] ~ = += id ls cd eval EOF'.split(
        ' ',
      ),
    ),
    fc.constantFrom('\n', ' ', '\t', '\r', '\0', '\ud800', '日'),
    fc.string(),
  );
  it('judges any text without throwing, and the same each time', () => {
    fc.assert(
      fc.property(fc.array(token, { maxLength: 60 }), fc.constantFrom('', ' '), (tokens, gap) => {
        const cmd = ['bash', '-c', tokens.join(gap)];
        for (const env of [{}, DENYLIST, ALLOWLIST]) expect(isAllowed(cmd, env)).toBe(isAllowed(cmd, env));
      }),
      { numRuns: 500 },
    );
  });
});
