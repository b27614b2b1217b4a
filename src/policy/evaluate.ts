import { type Inside, lookInside } from './commands.ts';
import type { PolicyRequest, Verdict } from './facts.ts';
import type { Policy } from './policy.ts';
import { allowlist } from './rules/allowlist.ts';
import { containersAllowed } from './rules/containers-allowed.ts';
import { denylist } from './rules/denylist.ts';
import { environment } from './rules/environment.ts';
import { deniedFlags } from './rules/flags.ts';
import { hostAccess } from './rules/host-access.ts';
import { deniedPaths } from './rules/paths.ts';
import type { ExecRule } from './rules/rule.ts';
import { allow, type Denial } from './verdict.ts';

/** A rule over any call: a refusal, or undefined where it has nothing against it. */
type Rule = (request: PolicyRequest, inside: Inside, policy: Policy) => Denial | undefined;

/** In the order they are asked; the first refusal is the verdict. */
export const RULES: readonly Rule[] = [
  ({ container }, _inside, policy) => containersAllowed(container, policy),
  ...[hostAccess, deniedFlags, deniedPaths, environment, allowlist, denylist].map(overExec),
];

function overExec(rule: ExecRule): Rule {
  return (request, inside, policy) => (request.kind === 'exec' ? rule(request, inside, policy) : undefined);
}

/**
 * Judges one validated call. Pure. These are guard rails: the container is the boundary, and a program that is allowed may
 * do whatever its user may do in it.
 */
export function evaluate(request: PolicyRequest, policy: Policy, rules: readonly Rule[] = RULES): Verdict {
  if (!policy.enforced) return allow('security.off');
  const inside = lookInside(request.kind === 'exec' ? request.cmd : []);
  for (const rule of rules) {
    const denial = rule(request, inside, policy);
    if (denial !== undefined) return denial;
  }
  return allow(request.kind === 'exec' ? `command.${policy.mode}` : 'containers.allowed');
}
