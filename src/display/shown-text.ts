/**
 * What acts on a terminal or shows text other than it is, within a JSON string: C0 controls but tab and line ends (as JSON
 * escapes them), DEL, C1, bidi controls and tag characters. A pair of backslashes is taken first: what follows it is no escape.
 */
const ACTING =
  /\\\\|\\(?:[bf]|u00[01][0-9a-f])|[\u007f-\u009f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]|[\u{e0000}-\u{e007f}]/gu;

const SHORT: Readonly<Record<string, number>> = { '\\b': 0x08, '\\f': 0x0c };

/** ␛ for ESC and so on, U+FFFD for what has no picture. */
function picture(found: string): string {
  if (found === '\\\\') return found;
  const code = SHORT[found] ?? (found.startsWith('\\u') ? Number.parseInt(found.slice(2), 16) : found.codePointAt(0));
  if (code === undefined || code > 0x7f) return '\ufffd';
  return String.fromCharCode(code === 0x7f ? 0x2421 : 0x2400 + code);
}

function questionMark(found: string): string {
  return found === '\\\\' ? found : '?';
}

/** Text as it is shown to a person or a model; both it and the result are the inside of a JSON string. */
export function shownText(escaped: string): string {
  return escaped.replace(ACTING, picture);
}

/**
 * The same for output in bytes, whatever MCP_DOCKER_SANITIZE says; undefined where it can be shown as it is. The result is
 * not longer than `most` bytes where `escaped` is not.
 */
export function shownBytes(escaped: Uint8Array, most: number): Uint8Array<ArrayBuffer> | undefined {
  const text = Buffer.from(escaped.buffer, escaped.byteOffset, escaped.byteLength).toString('utf8');
  const pictured = shownText(text);
  if (pictured === text) return undefined;
  // A picture may be longer than what it stands for, and a message must not be.
  const fits = Buffer.byteLength(pictured) <= Math.max(most, escaped.length);
  return new Uint8Array(Buffer.from(fits ? pictured : text.replace(ACTING, questionMark)));
}
