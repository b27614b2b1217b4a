import { describe, expect, it } from 'vitest';
import { evaluate, RULES } from '../../src/policy/evaluate.ts';
import type { PolicyRequest } from '../../src/policy/facts.ts';
import { USER_RULES } from '../../src/policy/rules/users.ts';
import { resolveUser } from '../../src/policy/user.ts';
import type { Case } from './case.ts';
import { CORPUS } from './corpus.ts';
import { accountsOf, containerOf, settingsOf } from './judge.ts';

const DENIED = CORPUS.filter(({ expected, tool }) => expected.verdict === 'denied' && tool === undefined);
const BY_POLICY = DENIED.filter(({ family }) => family !== 'Input' && family !== 'Users');
const BY_USER = DENIED.filter(({ family }) => family === 'Users');

function requestOf({ input, container }: Case): PolicyRequest {
  const { cmd, env, workdir } = input;
  return {
    kind: 'exec',
    container: containerOf(container),
    cmd: Array.isArray(cmd) ? cmd.map(String) : [],
    env: Array.isArray(env) ? env.map(String) : [],
    workdir: typeof workdir === 'string' ? workdir : undefined,
  };
}

/** The cases that would be allowed without one of the rules. */
function openedWithout<Rule>(
  rules: readonly Rule[],
  left: number,
  allows: (rules: readonly Rule[]) => boolean,
): boolean {
  return !allows(rules) && allows(rules.filter((_, index) => index !== left));
}

describe('without one rule', () => {
  it.each(RULES.map((_, index) => index))('%i of the policy, a refused call is allowed', (left) => {
    const opened = BY_POLICY.filter((one) =>
      openedWithout(RULES, left, (rules) => evaluate(requestOf(one), settingsOf(one.env).policy, rules).allowed),
    );
    expect(opened.length).toBeGreaterThan(0);
  });

  it.each(USER_RULES.map((_, index) => index))('%i of the user, root is let in', (left) => {
    const opened = BY_USER.filter((one) =>
      openedWithout(USER_RULES, left, (rules) => {
        const { config } = settingsOf(one.env);
        const { configUser, groupAdd } = containerOf(one.container);
        const question = { containerUser: configUser, groupAdd, ...accountsOf(one.container), enforce: true };
        const asked = { requested: one.input['user']?.toString(), defaultUser: config.defaultUser };
        return resolveUser({ ...question, ...asked, allowRoot: config.allowRoot }, rules).kind === 'resolved';
      }),
    );
    expect(opened.length).toBeGreaterThan(0);
  });
});
