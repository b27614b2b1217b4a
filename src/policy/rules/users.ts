import type { Identity } from '../identity.ts';
import { rootSide } from '../user-spec.ts';
import { type Denial, deny } from '../verdict.ts';

/** What is known of the user of one call before it is resolved. */
export interface UserFacts {
  /** The user asked for, or the operator's default; undefined: the container's own. */
  readonly spec: string | undefined;
  /** What `spec` means in the container; undefined where it means nobody there. */
  readonly identity: Identity | undefined;
  /** Whether the container gives the root group to every command. */
  readonly addsRootGroup: boolean;
}

/** A rule over the user of one exec, in force unless root is allowed. */
export type UserRule = (facts: UserFacts) => Denial | undefined;

const ROOT_HINT = 'Name another user, such as "1000:1000", or let the operator set MCP_DOCKER_ALLOW_ROOT=true.';

/** `HostConfig.GroupAdd` holds for every exec, and no user spec can shed it. */
const addedRootGroup: UserRule = ({ addsRootGroup }) => {
  if (!addsRootGroup) return undefined;
  const reason = 'The container adds the root group (gid 0) to every command, whoever runs it';
  return deny('user.root-group', 'group_add', reason, ROOT_HINT);
};

/** uid 0 in any spelling, and any name that the container's /etc/passwd maps to it. */
const rootUser: UserRule = ({ spec, identity }) => {
  if (spec === undefined || (rootSide(spec) !== 'user' && identity?.uid !== 0)) return undefined;
  return deny('user.root', spec, `User ${spec} is root (uid 0)`, ROOT_HINT);
};

/** The same of the group; a user of the container's own whose group is root's is moved to another one instead. */
const rootGroup: UserRule = ({ spec, identity }) => {
  if (spec === undefined || (rootSide(spec) !== 'group' && identity?.gid !== 0)) return undefined;
  return deny('user.root-group', spec, `User ${spec} has the root group (gid 0)`, ROOT_HINT);
};

/** In the order they are asked; the first refusal is the verdict. */
export const USER_RULES: readonly UserRule[] = [addedRootGroup, rootUser, rootGroup];
