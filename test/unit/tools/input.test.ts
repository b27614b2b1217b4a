import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { AppError } from '../../../src/errors.ts';
import { parseInput } from '../../../src/tools/input.ts';

const schema = z.strictObject({
  id: z.string(),
  count: z.int({ error: 'expected a whole number' }).optional(),
  list: z.array(z.string()).optional(),
  nested: z.object({ inner: z.boolean() }).optional(),
});

function refusal(args: unknown): AppError {
  try {
    parseInput(schema, args);
  } catch (error) {
    if (error instanceof AppError) return error;
  }
  throw new Error('It was accepted.');
}

it('returns what the schema made of the arguments', () => {
  expect(parseInput(z.object({ a: z.string().transform(Number) }), { a: '5' })).toEqual({ a: 5 });
});

describe('a refusal', () => {
  it('has the code and a hint', () => {
    expect(refusal({ id: 5 })).toMatchObject({ code: 'INVALID_ARGUMENT', retryable: false });
    expect(refusal({ id: 5 }).hint).toContain('tools/list');
  });

  it.each([
    [
      'the field, what was expected and what was given',
      { id: 5 },
      /^Invalid arguments: id: .*expected string.*, got 5\.$/,
    ],
    ['a field that is missing', {}, /id: .*expected string/],
    ['an entry of a list', { id: 'x', list: ['a', 7] }, /list\[1\]: .*, got 7/],
    ['a field within a field', { id: 'x', nested: { inner: 'no' } }, /nested\.inner: .*, got "no"/],
    ['an unknown argument', { id: 'x', idd: 1 }, /unknown argument "idd"/],
    ['two unknown arguments', { id: 'x', a: 1, b: 2 }, /unknown argument "a", "b"/],
    ['every fault at once', { id: 5, count: 1.5 }, /id: .*; count: expected a whole number, got 1\.5/],
    ['arguments that are no object', 'text', /arguments: .*, got "text"/],
    ['arguments that are null', null, /arguments: .*, got null/],
  ])('names %s', (_what, args, message) => {
    expect(refusal(args).message).toMatch(message);
  });

  it.each([
    ['faults', { id: 'x', list: Array.from({ length: 100_000 }, () => 7) }, /list\[4\].*; and 99995 more\.$/],
    [
      'unknown arguments',
      { id: 'x', ...Object.fromEntries(Array.from({ length: 1000 }, (_, at) => [`${at}é${'k'.repeat(5000)}`, 1])) },
      /"0é.*…", .*, and 995 more\.$/,
    ],
    ['of both', { id: '€'.repeat(10), list: Array(99).fill({}), nested: 5, ['€'.repeat(9999)]: 1 }, /more\.$/],
  ])('stays short with many %s', (_what, args, message) => {
    expect(refusal(args).message).toMatch(message);
    expect(Buffer.byteLength(refusal(args).message)).toBeLessThan(4096);
  });

  it('shows the beginning of a long value only', () => {
    const { message } = refusal({ id: 'x', count: 'y'.repeat(100_000) });
    expect(message).toMatch(/got "y{79}…\.$/);
  });
});
