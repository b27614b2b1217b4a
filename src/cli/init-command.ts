import { CLIENTS, type Client, type ClientName } from './init/clients.ts';
import { SERVER_NAME } from './init/entry.ts';
import { readTextOrEmpty, replaceText } from './init/file.ts';
import { type Addition, mergeEntry } from './init/merge.ts';
import type { Surroundings } from './surroundings.ts';

export interface InitOptions {
  readonly client: ClientName;
  /** Writes the entry instead of printing it. */
  readonly write: boolean;
  /** For all of the user's projects instead of the one in the working directory. */
  readonly global: boolean;
}

interface Target {
  readonly client: Client;
  readonly path: string;
  readonly addition: Addition;
}

function targetOf({ client: name, global }: InitOptions, surroundings: Surroundings): Target {
  const client = CLIENTS[name];
  const machine = surroundings.machine();
  return {
    client,
    path: global ? client.globalFile(machine) : client.projectFile(machine),
    addition: { key: client.key, name: SERVER_NAME, entry: client.entry(machine) },
  };
}

/** The configuration of a client that has no other server. */
function documentText({ key, name, entry }: Addition): string {
  return `${JSON.stringify({ [key]: { [name]: entry } }, null, 2)}\n`;
}

/** Only the JSON goes to stdout. */
function print({ client, path, addition }: Target, { write, note }: Surroundings): number {
  note(`${client.title} reads ${path}; --write puts this there:\n`);
  write(documentText(addition));
  note(`Or: ${client.otherWay}\n`);
  return 0;
}

async function writeEntry({ client, path, addition }: Target, { write, note }: Surroundings): Promise<number> {
  const merged = mergeEntry(await readTextOrEmpty(path), addition);
  if (merged.kind === 'refused') {
    note(`${path}: ${merged.reason}; nothing was changed. To add it by hand, merge:\n${documentText(addition)}`);
    return 1;
  }
  if (merged.kind === 'added') await replaceText(path, merged.text);
  const what = merged.kind === 'added' ? 'added' : 'it was already there';
  write(
    `${path}: ${addition.name}: ${what}. ${client.title} may have to be restarted, or asked to start the server.\n`,
  );
  return 0;
}

/**
 * `init`: prints or writes a client's entry for this server. Returns the exit code: 1 where the client's file could not be
 * changed without losing something of another's.
 */
export async function initClient(options: InitOptions, surroundings: Surroundings): Promise<number> {
  try {
    const target = targetOf(options, surroundings);
    return options.write ? await writeEntry(target, surroundings) : print(target, surroundings);
  } catch (thrown) {
    surroundings.note(`Nothing was changed: ${thrown instanceof Error ? thrown.message : String(thrown)}\n`);
    return 1;
  }
}
