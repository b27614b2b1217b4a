import { maskFlags } from './flags.ts';
import { isSecretEntry, isSecretKey, REDACTED } from './keys.ts';
import { redactShapes } from './shapes.ts';
import { joinWords, splitWords } from './words.ts';

/**
 * The `name=`, `name: ` or `"name": ` of an assignment, also inside escaped JSON. The lookbehind lets a name begin only
 * where a word begins, which keeps the time linear, and not within a path.
 */
const NAME = /(?<![\w./-])-{0,2}([A-Za-z_][\w.-]*)((?:\\?["'])?\s{0,8}[=:]\s{0,8})/g;

/** A value in quotes (one that is cut off runs to the end), in escaped quotes, or up to a blank, `;`, `&` or quote. */
const VALUE = new RegExp(
  [
    String.raw`\\"[^"\\]*(?:\\[^"][^"\\]*)*(?:\\")?`,
    String.raw`"[^"\\]*(?:\\[\s\S][^"\\]*)*"?`,
    "'[^']*'?",
    '`[^`]*`?',
    String.raw`(?:(?:Bearer|Basic|Token|Digest|Negotiate|ApiKey)\s{1,8})?(?:[^\s;&"'\x60\\]|\\(?!["'\x60]))+`,
  ].join('|'),
  'iy',
);

/**
 * Hides secrets in any text: by the name they are assigned to, by the option before them, by their shape. Linear
 * time; what is hidden already stays as it is.
 */
export function redactText(text: string): string {
  return redactFlags(redactAssignments(redactShapes(text)));
}

/** Hides the whole value where all of `text` is one `NAME=value` or `Name: value` with a secret name. */
export function redactEntry(text: string): string {
  const entry = /^([A-Za-z_][\w.-]*)(=|:\s*)([\s\S]+)$/.exec(text);
  if (entry === null) return text;
  const [, key = '', separator = '', value = ''] = entry;
  if (isReference(separator, value)) return text;
  return isSecretEntry(key, value) ? `${key}${separator}${REDACTED}` : text;
}

/** A value is looked at only under a secret name, so that one inside another's value (`url=…?token=x`) is found too. */
function redactAssignments(text: string): string {
  let result = '';
  let done = 0;
  NAME.lastIndex = 0;
  for (let name = NAME.exec(text); name !== null; name = NAME.exec(text)) {
    const [, key = '', separator = ''] = name;
    const start = NAME.lastIndex;
    if (!isSecretKey(key) || isReference(separator, text.charAt(start))) continue;
    const value = valueAt(text, start);
    result += text.slice(done, start) + redactValue(key, value);
    done = start + value.length;
    NAME.lastIndex = done;
  }
  return result + text.slice(done);
}

function valueAt(text: string, start: number): string {
  VALUE.lastIndex = start;
  return VALUE.exec(text)?.[0] ?? '';
}

function redactValue(key: string, value: string): string {
  const open = /^\\?["'`]/.exec(value)?.[0] ?? '';
  const close = open !== '' && value.endsWith(open) && value.length > open.length ? open : '';
  const inner = value.slice(open.length, value.length - close.length);
  return isSecretEntry(key, inner) ? open + REDACTED + close : value;
}

/** `my-secrets:/run/secrets` is a mount and `auth://` a scheme. */
function isReference(separator: string, value: string): boolean {
  return separator === ':' && value.startsWith('/');
}

function redactFlags(text: string): string {
  if (!/(?:^|\s)["'`]?-/.test(text)) return text;
  const words = splitWords(text);
  const masked = maskFlags(words.map((word) => word.text));
  return joinWords(words.map((word, index) => ({ ...word, text: masked[index] ?? word.text })));
}
