import { parseArgs } from 'node:util';
import type { AuditVerification } from './audit-command.ts';

/** What the program was asked to do. */
export type Command =
  | { readonly kind: 'serve' }
  | { readonly kind: 'doctor' | 'version' | 'help' }
  | { readonly kind: 'config'; readonly json: boolean }
  | ({ readonly kind: 'audit' } & AuditVerification)
  /** `message` is one line for stderr; the exit code is 2. */
  | { readonly kind: 'mistake'; readonly message: string };

const OPTIONS = {
  help: { type: 'boolean', short: 'h' },
  version: { type: 'boolean', short: 'v' },
  json: { type: 'boolean' },
  after: { type: 'string' },
} as const;

interface Values {
  readonly json?: boolean | undefined;
  readonly after?: string | undefined;
}

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

function subCommand(words: readonly string[], { json, after }: Values): Command {
  const [name, ...rest] = words;
  if (after !== undefined && name !== 'audit') return mistake('--after belongs to the audit command');
  if (json === true && name !== 'config') return mistake('--json belongs to the config command');
  if (name === 'audit') return auditCommand(rest, after);
  if (rest[0] !== undefined) return mistake(`unexpected argument ${JSON.stringify(rest[0])}`);
  if (name === undefined) return { kind: 'serve' };
  if (name === 'config') return { kind: 'config', json: json === true };
  return name === 'doctor' ? { kind: 'doctor' } : mistake(`unknown command ${JSON.stringify(name)}`);
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
