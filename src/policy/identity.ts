import type { GroupEntry, PasswdEntry } from './passwd.ts';
import { MAX_ID, type Principal, parseUserSpec } from './user-spec.ts';

/** What a spec means in one container. */
export interface Identity {
  readonly uid: number;
  /** undefined: neither asked for nor in passwd; the engine would take 0. */
  readonly gid: number | undefined;
  readonly explicitGroup: boolean;
  readonly supplementary: readonly number[];
  /** Whether the bare uid means the same entry to the engine, so that its groups can be kept. */
  readonly bareUidIsSafe: boolean;
}

export type Looked =
  | { readonly kind: 'found'; readonly identity: Identity }
  | { readonly kind: 'not_found'; readonly name: string }
  | { readonly kind: 'malformed' };

export interface Accounts {
  readonly users: readonly PasswdEntry[];
  readonly groups: readonly GroupEntry[];
}

/** The engine's GetExecUser: digits are always a number, the first matching line wins, an unknown number stands for itself. */
export function lookUp(text: string, accounts: Accounts): Looked {
  const spec = parseUserSpec(text);
  if (spec === undefined) return { kind: 'malformed' };
  const entry = accounts.users.find((candidate) => isUser(candidate, spec.user));
  const uid = entry?.uid ?? (spec.user.kind === 'id' ? spec.user.id : undefined);
  const group = spec.group === undefined ? undefined : findGroup(spec.group, accounts.groups);
  if (uid === undefined || (spec.group !== undefined && group === undefined)) return { kind: 'not_found', name: text };
  return identify(uid, group, entry, accounts);
}

function identify(uid: number, group: number | undefined, entry: PasswdEntry | undefined, accounts: Accounts): Looked {
  const gid = group ?? entry?.gid;
  if (!isId(uid) || !isId(gid ?? 0)) return { kind: 'malformed' };
  const supplementary = entry === undefined ? [] : groupsOf(entry, accounts.groups);
  const bareUidIsSafe = isBareUidSafe(uid, entry, accounts);
  return { kind: 'found', identity: { uid, gid, explicitGroup: group !== undefined, supplementary, bareUidIsSafe } };
}

function isUser(entry: PasswdEntry, user: Principal): boolean {
  return user.kind === 'id' ? entry.uid === user.id : entry.name === user.name;
}

function findGroup(group: Principal, groups: readonly GroupEntry[]): number | undefined {
  return group.kind === 'id' ? group.id : groups.find((entry) => entry.name === group.name)?.gid;
}

function groupsOf(user: PasswdEntry, groups: readonly GroupEntry[]): number[] {
  return groups.filter((group) => group.members.includes(user.name)).map((group) => group.gid);
}

/** Another entry with the same uid, or one named like the number, would be found instead. */
function isBareUidSafe(uid: number, entry: PasswdEntry | undefined, { users }: Accounts): boolean {
  return users.find((candidate) => candidate.uid === uid) === entry && !users.some(({ name }) => name === String(uid));
}

function isId(id: number): boolean {
  return id >= 0 && id <= MAX_ID;
}

/** Whether one of `HostConfig.GroupAdd` (names or numbers) is gid 0. */
export function addsRootGroup(added: readonly string[], groups: readonly GroupEntry[]): boolean {
  return added.some((name) => {
    const gid = groups.find((group) => group.name === name || String(group.gid) === name)?.gid ?? Number(name);
    return gid === 0;
  });
}
