/** The largest uid or gid the engine takes. */
export const MAX_ID = 2_147_483_647;

/** One side of a user spec: a number, or a name to be looked up. */
export type Principal = { readonly kind: 'id'; readonly id: number } | { readonly kind: 'name'; readonly name: string };

export interface UserSpec {
  readonly user: Principal;
  readonly group: Principal | undefined;
}

/**
 * Reads `name`, `uid`, `name:group`, `uid:gid`, `name:gid` or `uid:group`; undefined for anything else: empty sides, more than
 * one colon, signs, blanks, control characters, numbers above 2147483647. Digits alone are a number, as they are to the engine.
 */
export function parseUserSpec(spec: string): UserSpec | undefined {
  const [userText = '', groupText, ...more] = spec.split(':');
  const user = parsePrincipal(userText);
  const group = groupText === undefined ? undefined : parsePrincipal(groupText);
  if (more.length > 0 || user === undefined || (groupText !== undefined && group === undefined)) return undefined;
  return { user, group };
}

function parsePrincipal(text: string): Principal | undefined {
  if (/^[0-9]+$/.test(text)) return parseId(text);
  const isName = /^[^\s\p{Cc}\p{Cf}:+-][^\s\p{Cc}\p{Cf}:]*$/u.test(text);
  return isName ? { kind: 'name', name: text } : undefined;
}

function parseId(digits: string): Principal | undefined {
  const id = Number(digits);
  return id <= MAX_ID ? { kind: 'id', id } : undefined;
}

/**
 * Whether a spec means root whatever container it is used in: uid 0, gid 0, the name root, or no user before a colon.
 * A name that only one container's /etc/passwd maps to 0 is found when a command runs.
 */
export function meansRoot(spec: string): boolean {
  return rootSide(spec) !== undefined;
}

/** Which side of the spec is root, the user first. */
export function rootSide(spec: string): 'user' | 'group' | undefined {
  const [user = '', group] = spec.split(':');
  if (isRoot(user) || (user === '' && group !== undefined)) return 'user';
  return group !== undefined && isRoot(group) ? 'group' : undefined;
}

/** Whether a side is root in some spelling, malformed ones too: policy refuses those as what they mean. */
export function spellsRoot(spec: string): boolean {
  return spec.split(':').some(isRoot);
}

/** Spaces and signs are malformed; they are root as well, so that a refusal says what was meant. */
function isRoot(text: string): boolean {
  return /^\s*(?:[+-]?0+|root)\s*$/.test(text);
}
