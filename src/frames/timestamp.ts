const MIN_TIMESTAMP = 20;
export const MAX_TIMESTAMP = 35;
/** Docker's log copier cuts longer lines into messages of this size (moby daemon/logger/copier.go). */
export const PARTIAL_BYTES = 16_384;
const SPACE = 0x20;

const TIMESTAMP = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?(?:Z|[+-]\d{2}:\d{2})$/;
const TIMESTAMP_BYTES: ReadonlySet<number> = new Set(Buffer.from('0123456789-:.+TZ'));

/** Whether `byte` can stand in an RFC 3339 timestamp. */
export function isTimestampByte(byte: number): boolean {
  return TIMESTAMP_BYTES.has(byte);
}

/** The timestamp at `start` that a space follows, '' if there is none. */
export function timestampAt(input: Uint8Array, start: number, end: number): string {
  const limit = Math.min(end, start + MAX_TIMESTAMP + 1);
  for (let i = start + MIN_TIMESTAMP; i < limit; i++) {
    if (input[i] === SPACE) return toTimestamp(input.subarray(start, i));
  }
  return '';
}

/** `bytes` as text if they are an RFC 3339 timestamp with at most nine digits of fraction, else ''. */
export function toTimestamp(bytes: Uint8Array): string {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
  return TIMESTAMP.test(text) ? text : '';
}
