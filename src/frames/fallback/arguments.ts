/** Throws TypeError unless `given` is a Uint8Array: callers may be untyped, and the native side refuses the same. */
export function checkBytes(name: string, given: unknown): void {
  if (!(given instanceof Uint8Array)) throw new TypeError(`${name} must be a Uint8Array`);
}

/** Throws unless `offset` is a whole number from `least` to `most`. */
export function checkOffset(name: string, offset: number, least: number, most: number): void {
  if (typeof offset !== 'number') throw new TypeError(`${name} must be a number`);
  if (Number.isInteger(offset) && offset >= least && offset <= most) return;
  throw new RangeError(`${name} must be ${least} to ${most}, not ${offset}`);
}

/** Throws RangeError if both share memory: input is read while output is written. */
export function checkApart(input: Uint8Array, start: number, end: number, out: Uint8Array): void {
  if (input.buffer !== out.buffer || start === end) return;
  const from = input.byteOffset + start;
  const to = input.byteOffset + end;
  if (to > out.byteOffset && out.byteOffset + out.length > from) throw new RangeError('input and out must not overlap');
}
