/** How an ssh that should have been a connection ended. */
export interface SshEnd {
  /** null: a signal ended it. */
  readonly code: number | null;
  readonly stderr: string;
}

/** ssh's own exit code for whatever kept it from running the remote command. */
export const SSH_FAILED = 255;

/** Closed before the host said who it is; newer hosts give the reason in place of their banner. */
export const TURNED_AWAY =
  /^(?:kex_exchange_identification|ssh_exchange_identification|Connection (?:closed|reset) by)|Exceeded MaxStartups|Not allowed at this time/m;

/** Whether the host turned us away as one too many (sshd's MaxStartups): the next attempt may be let in. */
export function turnedAway({ code, stderr }: SshEnd): boolean {
  return code === SSH_FAILED && TURNED_AWAY.test(stderr);
}
