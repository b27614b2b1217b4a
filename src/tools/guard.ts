import type { Config } from '../config/schema.ts';
import type { Found } from '../engine/lookup.ts';
import { AppError } from '../errors.ts';
import { evaluate } from '../policy/evaluate.ts';
import type { PolicyRequest, ResolvedUser, Verdict } from '../policy/facts.ts';
import type { Policy } from '../policy/policy.ts';
import { resolveUser } from '../policy/user.ts';

type Denied = Extract<Verdict, { allowed: false }>;

function denial(verdict: Denied): AppError {
  const message = `Denied by ${verdict.rule}: ${verdict.reason}. Offending part: ${JSON.stringify(verdict.part)}`;
  return new AppError('POLICY_DENIED', message, { hint: verdict.hint, rule: verdict.rule });
}

/** Asks the policy. Returns the rule that allowed; throws POLICY_DENIED with the rule and the part that broke it. */
export function assertAllowed(request: PolicyRequest, policy: Policy): string {
  const verdict = evaluate(request, policy);
  if (!verdict.allowed) throw denial(verdict);
  return verdict.rule;
}

/** Who the command will run as, in numbers. Throws POLICY_DENIED for root in any spelling, USER_NOT_FOUND. */
export async function resolveRunUser(
  config: Pick<Config, 'defaultUser' | 'allowRoot' | 'security'>,
  { container, accounts }: Found,
  requested: string | undefined,
): Promise<ResolvedUser> {
  const answer = resolveUser({
    requested,
    containerUser: container.configUser,
    ...(await accounts()),
    groupAdd: container.groupAdd,
    defaultUser: config.defaultUser,
    allowRoot: config.allowRoot,
    enforce: config.security,
  });
  if (answer.kind === 'denied') throw denial(answer.verdict);
  if (answer.kind === 'not_found') throw userNotFound(answer.name, container.name);
  return answer.user;
}

function userNotFound(name: string, container: string): AppError {
  return new AppError('USER_NOT_FOUND', `Container "${container}" has no user or group ${JSON.stringify(name)}.`, {
    hint: 'Give a name that its /etc/passwd has, or numbers: "1000:1000".',
  });
}
