/** Why a call's signal was aborted. `mostGraceMs` bounds the time a command gets between TERM and KILL. */
export class Cancelled extends Error {
  override readonly name = 'Cancelled';

  constructor(
    message: string,
    readonly mostGraceMs?: number,
  ) {
    super(message);
  }
}
