import type { Case, Family } from './case.ts';
import { HOSTILE, SECRETS } from './corpus/texts.ts';
import { CORPUS } from './corpus.ts';

interface Row {
  readonly refused: string;
  readonly example: string;
  readonly limits: string;
}

/** What the table says of each family, beside how many cases it has. */
const ROWS: Readonly<Record<Family, Row>> = {
  Input: {
    refused:
      'what would mean something else to the engine or the kernel: NUL, `..` and `?` in ids, arguments that do not fit',
    example: '`id: "x/kill?x="`',
    limits: '',
  },
  Users: {
    refused:
      'uid 0 and gid 0 in any spelling, by any name of the container’s own accounts, and as a group of the container',
    example: '`user: "app:00"`',
    limits:
      'a set-uid program in the container still changes its user; drop the capabilities or set `no-new-privileges`',
  },
  Commands: {
    refused:
      'with a list in force: a command that is denied or not allowed, behind quotes, shells, substitutions and wrappers',
    example: "`sh -c \"eval 'i''d'\"`",
    limits:
      'a program is known by the name of its file: a copy, a link or an alias under another name is another program',
  },
  'Unreadable commands': {
    refused:
      'with a list in force: what cannot be known without running it, such as computed names, code for an interpreter, scripts in ' +
      'files, arithmetic on variables, options that start programs, more than 16 KiB of text',
    example: '`tar cf x --checkpoint-action=exec=id .`',
    limits: 'programs this server does not know to start others; an interpreter that is given a file runs it',
  },
  Variables: {
    refused: 'with a list in force: variables that change what a command runs, given or set on the way',
    example: '`env: ["LD_PRELOAD=/tmp/x.so"]`',
    limits: 'the container’s own environment, and variables of programs this server does not know',
  },
  Paths: {
    refused:
      'denied paths in arguments, values, redirections, globs, braces, `env` and `workdir`, from every folder changed to',
    example: '`cat /tmp/.*/proc/1/environ`',
    limits:
      'links; files a program opens by itself, such as those below a parent folder (`grep -r x /`); names computed at run time or ' +
      'read from input; paths inside code for an interpreter; globs and quotes in more than 16 KiB of text',
  },
  Flags: {
    refused: 'denied flags, with `=` or the next word as value, in every command that can be seen',
    example: '`docker run --network host x`',
    limits: 'the same setting by other means, such as a compose file',
  },
  Containers: {
    refused:
      'containers that no glob or label of the list names, for exec, logs and inspect; an id is judged by its container’s name',
    example: '`id: "aaaa"` with the list `aaaa*`',
    limits: 'whoever may rename or label containers chooses what the list means',
  },
  'Host access': {
    refused:
      'exec into containers that are privileged, share a namespace of the host, or have an engine’s socket, a folder above one, `/` or `/proc` mounted',
    example: '`/var/run` mounted',
    limits:
      'added capabilities and devices; host folders behind a link or a volume’s driver options; an engine over TCP',
  },
  'Ordinary use': {
    refused: 'nothing: what developers run every day has to pass',
    example: '`sh -c "ls | wc -l"` with `^ls,^wc`',
    limits: '',
  },
};

function casesOf(family: string): readonly Case[] {
  return CORPUS.filter((one) => one.family === family);
}

function line(cells: readonly string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
}

/** The corpus as a table for SECURITY.md. */
export function corpusTable(): string {
  const rows = Object.entries(ROWS).map(([family, { refused, example, limits }]) =>
    line([family, refused, example, String(casesOf(family).length), limits]),
  );
  const texts = [
    line([
      'Secrets',
      'hidden rather than refused: by the name they stand under, by the option before them, by their shape',
      '`postgres://app:[REDACTED]@db`',
      String(SECRETS.length),
      'a secret that looks like nothing; what a command prints',
    ]),
    line([
      'Hostile text',
      'hidden rather than refused: newlines, terminal escapes and bidi marks become escapes in audit and log',
      '`\\u001b[2J`',
      String(HOSTILE.length),
      'command output is given as it is unless MCP_DOCKER_SANITIZE says otherwise',
    ]),
  ];
  return [
    line(['Family', 'What is refused', 'Example', 'Cases', 'What is not']),
    '| --- | --- | --- | --- | --- |',
    ...rows,
    ...texts,
  ].join('\n');
}
