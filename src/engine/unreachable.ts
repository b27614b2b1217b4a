/** A connection that could not be made, by a transport that knows why: `message` says it, `hint` what to do about it. */
export class UnreachableError extends Error {
  override readonly name = 'UnreachableError';

  constructor(
    message: string,
    /** As a socket's code: `ERR_SSH`. */
    readonly code: string,
    readonly hint: string,
  ) {
    super(message);
  }
}
