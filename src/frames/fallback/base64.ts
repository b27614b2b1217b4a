/** `input[start, end)` as padded base64, in ASCII bytes. */
export function base64Bytes(input: Uint8Array, start: number, end: number): Uint8Array {
  const text = Buffer.from(input.buffer, input.byteOffset + start, end - start).toString('base64');
  return Buffer.from(text, 'latin1');
}
