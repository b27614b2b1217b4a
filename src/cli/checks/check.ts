/** The result of one look at the surroundings. */
export interface Check {
  readonly name: string;
  /** `fail`: the server could not work. `warn`: it works, with something to know. */
  readonly status: 'ok' | 'warn' | 'fail';
  readonly detail: string;
  /** What to do about it. */
  readonly mend?: string;
}

export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}
