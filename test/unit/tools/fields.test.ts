import { describe, expect, it } from 'vitest';
import {
  argument,
  chunkBytes,
  commandLine,
  containerId,
  environmentEntry,
  fitsKernel,
  imageReference,
  maxLines,
  timeoutMs,
} from '../../../src/tools/fields.ts';

const NUL = '\0';
const HALF_PAIR = '\ud800';
/** Linux takes a single argument of 131 071 bytes and a NUL, and no more. */
const LONGEST = 131_071;

function accepts(schema: { safeParse(value: unknown): { success: boolean } }, value: unknown): boolean {
  return schema.safeParse(value).success;
}

describe('a container', () => {
  it.each(['a', 'web-1', 'a.b_c-d', '0123456789ab', 'a'.repeat(255)])('may be called %s', (id) => {
    expect(accepts(containerId, id)).toBe(true);
  });

  it.each([
    '',
    '.',
    '..',
    '-x',
    '_x',
    'a/b',
    'a//b',
    '../x',
    'x?kill=1',
    'x/kill?x=',
    'x#y',
    'x%2e',
    'a b',
    'ä',
    'a\n',
    `a${NUL}`,
    'a'.repeat(256),
    5,
    null,
    undefined,
    ['a'],
  ])('may not be called %j', (id) => {
    expect(accepts(containerId, id)).toBe(false);
  });
});

describe('an image', () => {
  it.each([
    'busybox',
    'busybox:1.36',
    'registry:5000/team/app:v1',
    `busybox@sha256:${'a'.repeat(64)}`,
    `sha256:${'a'.repeat(64)}`,
  ])('may be %s', (reference) => {
    expect(accepts(imageReference, reference)).toBe(true);
  });

  it.each(['', '..', 'a/../b', 'a/./b', 'a//b', '/a', 'a/', 'a/..', 'a?b', 'a b', `a${NUL}`])(
    'may not be %j',
    (reference) => {
      expect(accepts(imageReference, reference)).toBe(false);
    },
  );
});

describe('an argument', () => {
  it.each(['', 'ä€😀', '\n', 'a'.repeat(LONGEST), `${'€'.repeat(43_690)}a`])('may be %.20j', (value) => {
    expect(accepts(argument(), value)).toBe(true);
  });

  it.each([NUL, `a${NUL}b`, HALF_PAIR, 'a'.repeat(LONGEST + 1), '€'.repeat(43_691)])('may not be %.20j', (value) => {
    expect(accepts(argument(), value)).toBe(false);
  });
});

describe('a command line', () => {
  it.each([[['true']], [['echo', '']], [['a'.repeat(LONGEST)]]])('may be %.20j', (cmd) => {
    expect(accepts(commandLine, cmd)).toBe(true);
  });

  it.each([[[]], [['']], [['', 'a']], ['ls -l'], [null], [['a', 5]], [['a', NUL]], [['a', 'b'.repeat(LONGEST + 1)]]])(
    'may not be %.20j',
    (cmd) => {
      expect(accepts(commandLine, cmd)).toBe(false);
    },
  );
});

describe('an environment entry', () => {
  it.each(['A=', 'A=b', 'A=b=c', 'A=\n'])('may be %j', (entry) => {
    expect(accepts(environmentEntry, entry)).toBe(true);
  });

  it.each(['', 'A', '=b', `A=${NUL}`, `A=${'b'.repeat(LONGEST)}`])('may not be %.20j', (entry) => {
    expect(accepts(environmentEntry, entry)).toBe(false);
  });
});

describe('a command with its environment', () => {
  /** Strings that take `bytes` of the kernel's room: each has a NUL and a pointer. */
  const strings = (bytes: number) => [...Array(bytes >> 16).fill('a'.repeat(65_527)), 'a'.repeat((bytes & 0xffff) - 9)];
  const ROOM = 2_097_152 - 65_536;

  it.each([
    [{ cmd: strings(ROOM - 9), env: [''] }, true],
    [{ cmd: strings(ROOM - 100) }, true],
    [{ cmd: strings(ROOM - 8), env: [''] }, false],
    [{ cmd: ['true'], env: strings(ROOM + 100) }, false],
    [{ cmd: Array(300_000).fill('') }, false],
  ])('fits the kernel or not (%#)', (strings, fits) => {
    expect(fitsKernel(strings)).toBe(fits);
  });
});

describe('numbers', () => {
  it.each([
    ['timeoutMs', timeoutMs, 1, 86_400_000],
    ['chunkBytes', chunkBytes, 256, 1_048_576],
    ['maxLines', maxLines, 1, Number.MAX_SAFE_INTEGER],
  ])('%s is a whole number within its bounds', (_name, schema, least, most) => {
    expect([undefined, least, most].filter((value) => !accepts(schema, value))).toEqual([]);
    const bad = [least - 1, most + 1, -1, 0, least + 0.5, String(least), Number.NaN, null, true];
    expect(bad.filter((value) => accepts(schema, value))).toEqual([]);
  });
});
