import { parseArgs } from 'node:util';

/** What the program was asked to do. */
export type Command =
  | { readonly kind: 'serve' }
  | { readonly kind: 'doctor' | 'version' | 'help' }
  | { readonly kind: 'config'; readonly json: boolean }
  /** `message` is one line for stderr; the exit code is 2. */
  | { readonly kind: 'mistake'; readonly message: string };

const OPTIONS = {
  help: { type: 'boolean', short: 'h' },
  version: { type: 'boolean', short: 'v' },
  json: { type: 'boolean' },
} as const;

function mistake(reason: string): Command {
  return { kind: 'mistake', message: `mcp-docker-exec: ${reason} (see mcp-docker-exec --help)` };
}

function subCommand(name: string | undefined, json: boolean): Command {
  if (name === 'config') return { kind: 'config', json };
  if (json) return mistake('--json belongs to the config command');
  if (name === undefined) return { kind: 'serve' };
  if (name === 'doctor') return { kind: 'doctor' };
  return mistake(`unknown command ${JSON.stringify(name)}`);
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
  const [name, surplus] = positionals;
  if (surplus !== undefined) return mistake(`unexpected argument ${JSON.stringify(surplus)}`);
  return subCommand(name, values.json === true);
}

/** Reads the arguments after the program's own path. Never throws: what cannot be read is a `mistake`. */
export function parseArguments(argv: readonly string[]): Command {
  try {
    return parse(argv);
  } catch (thrown) {
    return mistake(firstSentence(thrown));
  }
}
