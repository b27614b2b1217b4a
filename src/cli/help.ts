import { CONFIG_KEYS, factsOf } from '../config/schema.ts';

const USAGE = `Usage: mcp-docker-exec [command]

Runs commands and reads logs in Docker containers for MCP clients, over stdin and stdout.

Commands:
  (none)           serve MCP; meant to be started by an MCP client
  doctor [--container NAME]
                   check native module, configuration, engine and permissions, and with a container that a command
                   runs in it; exit 1 if the server could not work
  config [--json]  print the effective configuration and where each value comes from
  init CLIENT [--write] [--global]
                   print the entry for cursor, vscode or claude (Claude Code), or write it into its configuration:
                   of the project in this directory, with --global of all; what is there already is kept
  audit verify FILE [--after HASH]
                   check the hash chain of an audit file and its rotated files, and name the first record
                   that was edited, removed, moved or torn; exit 1 if there is one

Options:
  -h, --help       print this text
  -v, --version    print the version

Environment variables:`;

function variableHelp({ name, doc, expected, shownDefault }: ReturnType<typeof factsOf>): string {
  return `  ${name}\n      ${doc}\n      ${expected}; default: ${shownDefault}`;
}

/** The text of `--help`, with every variable of the configuration. */
export function helpText(): string {
  return `${[USAGE, ...CONFIG_KEYS.map(factsOf).map(variableHelp)].join('\n')}\n`;
}
