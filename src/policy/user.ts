import type { ResolvedUser } from './facts.ts';
import { type Accounts, addsRootGroup, type Identity, type Looked, lookUp } from './identity.ts';
import { parseGroup, parsePasswd } from './passwd.ts';
import { USER_RULES, type UserRule } from './rules/users.ts';
import { MAX_ID, rootSide } from './user-spec.ts';
import { type Denial, deny } from './verdict.ts';

export interface UserQuestion {
  /** The `user` argument of the call. */
  readonly requested: string | undefined;
  /** The container's own `Config.User`; '' is root. */
  readonly containerUser: string;
  /** The container's /etc/passwd and /etc/group, '' where there is none. */
  readonly passwd: string;
  readonly group: string;
  /** `HostConfig.GroupAdd`: the engine gives these groups to every exec, and no user spec can shed them. */
  readonly groupAdd?: readonly string[];
  readonly defaultUser?: string | undefined;
  readonly allowRoot: boolean;
  /** MCP_DOCKER_SECURITY: false turns the refusal of root off. */
  readonly enforce: boolean;
}

export type UserAnswer =
  | { readonly kind: 'resolved'; readonly user: ResolvedUser }
  | { readonly kind: 'denied'; readonly verdict: Denial }
  | { readonly kind: 'not_found'; readonly name: string };

const NOBODY = 65_534;

/**
 * Who a command runs as. The answer is handed to the engine as numbers, so that nothing is looked up twice; only where a user
 * keeps supplementary groups is it a bare uid, for which the engine reads passwd and group again.
 */
export function resolveUser(question: UserQuestion, rules: readonly UserRule[] = USER_RULES): UserAnswer {
  const accounts = { users: parsePasswd(question.passwd), groups: parseGroup(question.group) };
  const guarded = question.enforce && !question.allowRoot;
  const asked = question.requested || question.defaultUser || undefined;
  const looked = asked === undefined ? undefined : lookUp(asked, accounts);
  const denial = guarded ? firstDenial(question, asked, looked, accounts, rules) : undefined;
  if (denial !== undefined) return { kind: 'denied', verdict: denial };
  if (asked === undefined || looked === undefined) return answerContainer(question.containerUser, accounts, guarded);
  return answerAsked(asked, looked, guarded);
}

function firstDenial(
  { groupAdd = [] }: UserQuestion,
  spec: string | undefined,
  looked: Looked | undefined,
  { groups }: Accounts,
  rules: readonly UserRule[],
): Denial | undefined {
  const identity = looked?.kind === 'found' ? looked.identity : undefined;
  const facts = { spec, identity, addsRootGroup: addsRootGroup(groupAdd, groups) };
  return rules.map((rule) => rule(facts)).find((denial) => denial !== undefined);
}

function answerAsked(spec: string, looked: Looked, guarded: boolean): UserAnswer {
  if (looked.kind === 'not_found') return looked;
  if (looked.kind === 'malformed') return denyMalformed(spec);
  return guarded ? withoutRootGroup(looked.identity) : resolved(asEngineWould(looked.identity), []);
}

/** The container's own user, or nobody where that is root. */
function answerContainer(spec: string, accounts: Accounts, guarded: boolean): UserAnswer {
  const own = spec === '' ? '0' : spec;
  if (guarded && rootSide(own) === 'user') return nobody();
  const looked = lookUp(own, accounts);
  if (looked.kind === 'not_found') return looked;
  if (looked.kind === 'malformed') return { kind: 'not_found', name: spec };
  if (!guarded) return resolved(asEngineWould(looked.identity), []);
  return looked.identity.uid === 0 ? nobody() : withoutRootGroup(looked.identity);
}

function nobody(): UserAnswer {
  const notice =
    `The container's own user is root, so the command runs as ${NOBODY}:${NOBODY} (nobody). ` +
    'Choose another user with the `user` argument, or let the operator set MCP_DOCKER_DEFAULT_USER.';
  return resolved({ spec: `${NOBODY}:${NOBODY}`, uid: NOBODY, gid: NOBODY }, [notice]);
}

function withoutRootGroup(identity: Identity): UserAnswer {
  const { uid } = identity;
  const gid = identity.gid || uid;
  if (identity.gid !== gid) {
    const why =
      identity.gid === 0 ? 'its group is root' : 'it is not in /etc/passwd, where the engine would take the root group';
    return resolved(pair(uid, gid), [`User ${uid} runs as ${uid}:${gid}, because ${why}.`]);
  }
  if (identity.explicitGroup || identity.supplementary.length === 0) return resolved(pair(uid, gid), []);
  if (identity.bareUidIsSafe && !identity.supplementary.includes(0))
    return resolved({ spec: String(uid), uid, gid }, []);
  return resolved(pair(uid, gid), [
    `User ${uid} runs as ${uid}:${gid} without its supplementary groups, which the engine cannot be trusted with.`,
  ]);
}

/** Root is allowed: as the engine would run it, only in numbers. */
function asEngineWould(identity: Identity): Omit<ResolvedUser, 'notices'> {
  const { uid, gid = 0 } = identity;
  const bare = !identity.explicitGroup && identity.bareUidIsSafe;
  return bare ? { spec: String(uid), uid, gid } : pair(uid, gid);
}

function pair(uid: number, gid: number): Omit<ResolvedUser, 'notices'> {
  return { spec: `${uid}:${gid}`, uid, gid };
}

function resolved(user: Omit<ResolvedUser, 'notices'>, notices: readonly string[]): UserAnswer {
  return { kind: 'resolved', user: { ...user, notices } };
}

function denyMalformed(spec: string): UserAnswer {
  const reason = `Expected a user as name, uid, name:group or uid:gid, given ${JSON.stringify(spec.slice(0, 64))}`;
  return { kind: 'denied', verdict: deny('user.spec', spec, reason, `Numbers are decimal and at most ${MAX_ID}.`) };
}
