/** What a secret is replaced with. */
export const REDACTED = '[REDACTED]';

/** Words that make a key secret wherever they stand in it; a word may end in one of them (`PGPASSWORD`, `authToken`). */
const SECRET_WORD = /(?:password|passwd|passphrase|secrets?|token|tokens|credentials?|apikey|accesskey|privatekey)$/;
const EXACT_SECRET_WORDS = new Set(['passwords', 'pwd', 'basicauth', 'connectionstring', 'connstr', 'jwt']);
/** Words that make a key secret only at its end: AUTH_METHOD and `auth.host` are settings. */
const SECRET_LAST_WORD = /^(?:auth|authorization|cookie|dsn|pass|(?:db|user|root|pg|smtp|mail|redis|ftp)pass)$/;
/** What stands before `key` where the key is a secret one; a public key, GPG_KEY or SandboxKey is not. */
const SECRET_KEYS =
  /(?:^| )(?:(?:api|access|private|secret|encryption|signing|master|auth|license|account|storage|app|ssh) key|conn(?:ection)? str(?:ing)?)(?: |$)/;
/** A key that ends so says where or what kind the secret is (`POSTGRES_PASSWORD_FILE`, `--password-stdin`). */
const DESCRIPTIVE_LAST_WORD =
  /^(?:file|path|dir|name|type|kind|policy|enabled|required|length|size|ttl|expiry|expires|timeout|url|uri|endpoint|method|mode|format|stdin|version|parallelism)$/;
const MEASURE = /(?:^| )(?:max|min|num|count|limit|ttl|length|size|age|days|seconds|budget)(?: |$)/;

/** Whether an entry of this name holds a secret: an environment variable, label, option, header or JSON key. */
export function isSecretKey(key: string): boolean {
  const words = wordsOf(key);
  const last = words.at(-1) ?? '';
  if (words.length === 0 || words[0] === 'no' || DESCRIPTIVE_LAST_WORD.test(last)) return false;
  return words.some(isSecretWord) || SECRET_LAST_WORD.test(last) || SECRET_KEYS.test(words.join(' '));
}

/**
 * Whether `value` must be hidden under `key`. Values that cannot be secrets are kept: nothing, switches
 * (`MYSQL_ALLOW_EMPTY_PASSWORD=yes`), sizes (`MAX_TOKENS=4096`) and the shell's own PWD.
 */
export function isSecretEntry(key: string, value: string): boolean {
  if (!isSecretKey(key)) return false;
  if (value === REDACTED || /^(?:true|false|yes|no|on|off|null|none)?$/i.test(value)) return false;
  if (/^(?:OLD)?PWD$/.test(key) && value.startsWith('/')) return false;
  return !(/^\d+$/.test(value) && MEASURE.test(wordsOf(key).join(' ')));
}

function isSecretWord(word: string): boolean {
  return SECRET_WORD.test(word) || EXACT_SECRET_WORDS.has(word);
}

/** `dbPassword2`, `DB_PASSWORD` and `db.password` are the same two words. */
function wordsOf(key: string): string[] {
  const spaced = key.replace(/([a-z0-9])([A-Z])/g, '$1 $2').replace(/([A-Z])([A-Z][a-z])/g, '$1 $2');
  return spaced
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .map((word) => word.replace(/(?<!\d)\d+$/, ''))
    .filter((word) => word !== '');
}
