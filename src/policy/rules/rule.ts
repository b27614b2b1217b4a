import type { Inside } from '../commands.ts';
import type { PolicyRequest } from '../facts.ts';
import type { Policy } from '../policy.ts';
import type { Denial } from '../verdict.ts';

export type ExecRequest = Extract<PolicyRequest, { readonly kind: 'exec' }>;

/** A rule over one exec: a refusal, or undefined where it has nothing against it. */
export type ExecRule = (request: ExecRequest, inside: Inside, policy: Policy) => Denial | undefined;
