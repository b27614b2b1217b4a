import { lookInside } from './commands.ts';
import type { PolicyRequest, Verdict } from './facts.ts';
import type { Policy } from './policy.ts';
import { allowlist } from './rules/allowlist.ts';
import { containersAllowed } from './rules/containers-allowed.ts';
import { denylist } from './rules/denylist.ts';
import { environment } from './rules/environment.ts';
import { deniedFlags } from './rules/flags.ts';
import { hostAccess } from './rules/host-access.ts';
import { deniedPaths } from './rules/paths.ts';
import type { ExecRequest, ExecRule } from './rules/rule.ts';
import { allow, type Denial } from './verdict.ts';

/** In the order they are asked; the first refusal is the verdict. */
const EXEC_RULES: readonly ExecRule[] = [hostAccess, deniedFlags, deniedPaths, environment, allowlist, denylist];

/**
 * Judges one validated call. Pure. These are guard rails: the container is the boundary, and a program that is allowed may
 * do whatever its user may do in it.
 */
export function evaluate(request: PolicyRequest, policy: Policy): Verdict {
  if (!policy.enforced) return allow('security.off');
  const stranger = containersAllowed(request.container, policy);
  if (stranger !== undefined) return stranger;
  if (request.kind !== 'exec') return allow('containers.allowed');
  return judgeExec(request, policy) ?? allow(`command.${policy.mode}`);
}

function judgeExec(request: ExecRequest, policy: Policy): Denial | undefined {
  const inside = lookInside(request.cmd);
  for (const rule of EXEC_RULES) {
    const denial = rule(request, inside, policy);
    if (denial !== undefined) return denial;
  }
  return undefined;
}
