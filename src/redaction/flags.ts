import { isSecretKey, REDACTED } from './keys.ts';

/** How the value of an option is hidden: all of it, or what stands after the first `:` or `%` of `user:password`. */
type Masking = 'whole' | 'userinfo';

/** Options of one program that carry a secret and do not say so in their name. */
interface Program {
  readonly name: RegExp;
  readonly options: Readonly<Record<string, Masking>>;
  /** `glued`: the value is part of the word only (`mysql -p db` asks for a password and names a database). */
  readonly glued?: true;
}

const PROGRAMS: readonly Program[] = [
  { name: /^(?:mysql|mariadb)[\w-]*$/, options: { '-p': 'whole' }, glued: true },
  { name: /^7z[ar]?$/, options: { '-p': 'whole' }, glued: true },
  { name: /^(?:sshpass|mongo\w*|login)$/, options: { '-p': 'whole' } },
  { name: /^curl$/, options: { '-u': 'userinfo', '--user': 'userinfo', '-U': 'userinfo', '--proxy-user': 'userinfo' } },
  { name: /^https?$/, options: { '-a': 'userinfo', '--auth': 'userinfo' } },
  { name: /^(?:smbclient|rpcclient)$/, options: { '-U': 'userinfo', '--user': 'userinfo' } },
  { name: /^redis-cli$/, options: { '-a': 'whole' } },
  { name: /^ldap\w+$/, options: { '-w': 'whole' } },
  { name: /^(?:un)?zip$/, options: { '-P': 'whole' } },
];

/**
 * Hides the values of secret options in the words of a command: `--password x`, `--password=x`, and by program
 * `mysql -px`, `curl -u user:x`. Words it does not know come back as they are, in the same places.
 */
export function maskFlags(words: readonly string[]): string[] {
  let program: Program | undefined;
  let pending: Masking | undefined;
  return words.map((word) => {
    const masking = pending;
    pending = undefined;
    if (masking !== undefined && !word.startsWith('-')) return mask(word, masking);
    program = programAt(word) ?? program;
    const masked = maskInside(word, program);
    if (masked === word) pending = valueFollows(word, program);
    if (/^[;&|]|[;&|]$/.test(word)) program = undefined;
    return masked;
  });
}

function programAt(word: string): Program | undefined {
  if (word.startsWith('-')) return undefined;
  const name = word.slice(word.lastIndexOf('/') + 1);
  return PROGRAMS.find((program) => program.name.test(name));
}

function valueFollows(word: string, program: Program | undefined): Masking | undefined {
  const masking = program?.glued === true ? undefined : optionOf(program, word);
  if (masking !== undefined) return masking;
  return /^--?[A-Za-z][\w.-]+$/.test(word) && isSecretKey(word) ? 'whole' : undefined;
}

function optionOf(program: Program | undefined, option: string): Masking | undefined {
  return program !== undefined && Object.hasOwn(program.options, option) ? program.options[option] : undefined;
}

/** `--name=value`, and `-pvalue` of a known program. */
function maskInside(word: string, program: Program | undefined): string {
  const equals = word.indexOf('=');
  if (word.startsWith('-') && equals > 1) {
    const option = word.slice(0, equals);
    const masking = optionOf(program, option) ?? (isSecretKey(option) ? 'whole' : undefined);
    if (masking !== undefined) return `${option}=${mask(word.slice(equals + 1), masking)}`;
  }
  const short = word.startsWith('--') ? undefined : optionOf(program, word.slice(0, 2));
  return short === undefined || word.length < 3 ? word : word.slice(0, 2) + mask(word.slice(2), short);
}

function mask(value: string, masking: Masking): string {
  if (value === '') return value;
  if (masking === 'whole') return value.endsWith(';') ? `${REDACTED};` : REDACTED;
  const at = value.search(/[:%]/);
  return at < 0 || at === value.length - 1 || value.endsWith(REDACTED) ? value : value.slice(0, at + 1) + REDACTED;
}
