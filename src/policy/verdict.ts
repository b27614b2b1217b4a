import type { Verdict } from './facts.ts';

export type Denial = Extract<Verdict, { readonly allowed: false }>;

const MAX_PART = 200;

/** A refusal; `part` is cut to 200 characters, since it goes into results, logs and the audit. */
export function deny(rule: string, part: string, reason: string, hint: string): Denial {
  return { allowed: false, rule, part: part.slice(0, MAX_PART), reason, hint };
}

export function allow(rule: string): Verdict {
  return { allowed: true, rule };
}
