import { parseArgs } from 'node:util';
import type { AuditVerification } from './audit-command.ts';
import { CLIENT_NAMES } from './init/clients.ts';
import type { InitOptions } from './init-command.ts';

/** What the program was asked to do. */
export type Command =
  | { readonly kind: 'serve' }
  | { readonly kind: 'version' | 'help' }
  /** With a container, a command is run in it. */
  | { readonly kind: 'doctor'; readonly container?: string | undefined }
  | { readonly kind: 'config'; readonly json: boolean }
  | ({ readonly kind: 'audit' } & AuditVerification)
  | ({ readonly kind: 'init' } & InitOptions)
  /** `message` is one line for stderr; the exit code is 2. */
  | { readonly kind: 'mistake'; readonly message: string };

const OPTIONS = {
  help: { type: 'boolean', short: 'h' },
  version: { type: 'boolean', short: 'v' },
  json: { type: 'boolean' },
  container: { type: 'string' },
  after: { type: 'string' },
  write: { type: 'boolean' },
  global: { type: 'boolean' },
} as const;

interface Values {
  readonly json?: boolean | undefined;
  readonly container?: string | undefined;
  readonly after?: string | undefined;
  readonly write?: boolean | undefined;
  readonly global?: boolean | undefined;
}

/** The command each option belongs to. */
const OWNERS: readonly (readonly [keyof Values, string])[] = [
  ['after', 'audit'],
  ['json', 'config'],
  ['container', 'doctor'],
  ['write', 'init'],
  ['global', 'init'],
];

function mistake(reason: string): Command {
  return { kind: 'mistake', message: `mcp-docker-exec: ${reason} (see mcp-docker-exec --help)` };
}

function auditCommand(words: readonly string[], after: string | undefined): Command {
  const [verb, file, surplus] = words;
  if (verb !== 'verify' || file === undefined) return mistake('expected audit verify FILE');
  if (surplus !== undefined) return mistake(`unexpected argument ${JSON.stringify(surplus)}`);
  if (after !== undefined && !/^[0-9a-f]{64}$/.test(after)) return mistake('--after: expected 64 hex digits');
  return { kind: 'audit', file, after };
}

function initCommand(words: readonly string[], { write = false, global = false }: Values): Command {
  const [word, surplus] = words;
  const client = CLIENT_NAMES.find((name) => name === word);
  if (client === undefined) return mistake(`expected init ${CLIENT_NAMES.join('|')}`);
  if (surplus !== undefined) return mistake(`unexpected argument ${JSON.stringify(surplus)}`);
  return { kind: 'init', client, write, global };
}

function subCommand(words: readonly string[], values: Values): Command {
  const [name, ...rest] = words;
  const stray = OWNERS.find(([option, owner]) => values[option] !== undefined && name !== owner);
  if (stray !== undefined) return mistake(`--${stray[0]} belongs to the ${stray[1]} command`);
  if (name === 'audit') return auditCommand(rest, values.after);
  if (name === 'init') return initCommand(rest, values);
  if (rest[0] !== undefined) return mistake(`unexpected argument ${JSON.stringify(rest[0])}`);
  if (name === undefined) return { kind: 'serve' };
  if (name === 'config') return { kind: 'config', json: values.json === true };
  return name === 'doctor'
    ? { kind: 'doctor', container: values.container }
    : mistake(`unknown command ${JSON.stringify(name)}`);
}

/** The first line of Node's own message, which goes on with advice about `--`. */
function firstSentence(thrown: unknown): string {
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  return message.split(/\.\s|\n/)[0] ?? message;
}

function parse(argv: readonly string[]): Command {
  const { values, positionals } = parseArgs({ args: [...argv], options: OPTIONS, allowPositionals: true });
  if (values.help === true) return { kind: 'help' };
  if (values.version === true) return { kind: 'version' };
  return subCommand(positionals, values);
}

/** Reads the arguments after the program's own path. Never throws: what cannot be read is a `mistake`. */
export function parseArguments(argv: readonly string[]): Command {
  try {
    return parse(argv);
  } catch (thrown) {
    return mistake(firstSentence(thrown));
  }
}
