export interface PasswdEntry {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
}

export interface GroupEntry {
  readonly name: string;
  readonly gid: number;
  readonly members: readonly string[];
}

/**
 * /etc/passwd as the engine reads it (moby/sys/user, formerly runc's libcontainer/user): lines are trimmed, empty ones skipped,
 * comments are not; missing fields are empty, and a number that cannot be read is 0. The last is why a malformed
 * line means root, and why this parser must not be stricter than the engine.
 */
export function parsePasswd(text: string): PasswdEntry[] {
  return lines(text).map((line) => {
    const [name = '', , uid = '', gid = ''] = line.split(':');
    return { name, uid: toNumber(uid), gid: toNumber(gid) };
  });
}

/** /etc/group, by the same rules. Newer engines skip comment lines; here they count, since they could only add group 0. */
export function parseGroup(text: string): GroupEntry[] {
  return lines(text).map((line) => {
    const [name = '', , gid = '', members = ''] = line.split(':');
    return { name, gid: toNumber(gid), members: members === '' ? [] : members.split(',') };
  });
}

function lines(text: string): string[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
}

/** Go's strconv.Atoi with its error ignored: 0 for what is not a number; too large ones stay too large. */
function toNumber(field: string): number {
  return /^[+-]?[0-9]+$/.test(field) ? Number(field) : 0;
}
