import { describe, expect, it } from 'vitest';
import { CORPUS } from './corpus.ts';
import { judge } from './judge.ts';

const families = new Set(CORPUS.map(({ family }) => family));

describe('the corpus', () => {
  it('has every call once', () => {
    const calls = CORPUS.map(({ tool, input, env, container }) => JSON.stringify([tool, input, env, container]));
    expect(calls.length - new Set(calls).size).toBe(0);
    expect(CORPUS.length).toBeGreaterThan(500);
  });
});

describe.each([...families])('%s', (family) => {
  it.each(CORPUS.filter((one) => one.family === family))('$expected.verdict: $name', async (one) => {
    expect(await judge(one)).toMatchObject(one.expected);
  });
});
