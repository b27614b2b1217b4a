import { text } from 'node:stream/consumers';
import { extract } from 'tar-stream';
import { AppError } from '../errors.ts';
import type { ContainerId } from '../protocol/ids.ts';
import type { EngineClient } from './client.ts';
import { statusOf } from './failure.ts';

/** An account file larger than this is refused rather than read. */
const MAX_ACCOUNT_BYTES = 1_048_576;

/** The container's own account files; '' where a file does not exist or is not a regular file. */
export interface AccountFiles {
  readonly passwd: string;
  readonly group: string;
}

/** Reads the one regular file of a tar stream; '' if its first entry is anything else. Throws on a larger file. */
async function singleFile(archive: NodeJS.ReadableStream): Promise<string> {
  const entries = extract();
  archive.on('error', (error) => entries.destroy(error));
  archive.pipe(entries);
  for await (const entry of entries) {
    if (entry.header.type !== 'file') return '';
    if ((entry.header.size ?? 0) > MAX_ACCOUNT_BYTES) throw new RangeError(`larger than ${MAX_ACCOUNT_BYTES} bytes`);
    return text(entry);
  }
  return '';
}

async function readFile(engine: EngineClient, id: ContainerId, path: string): Promise<string> {
  try {
    return await engine.call({ operation: `read ${path} of the container` }, async (docker, abortSignal) =>
      singleFile(await docker.getContainer(id).getArchive({ path, abortSignal })),
    );
  } catch (error) {
    if (error instanceof AppError && statusOf(error.cause) === 404) return '';
    throw error;
  }
}

/** Reads /etc/passwd and /etc/group through the engine, so that it works in containers without a shell. */
export async function readAccounts(engine: EngineClient, id: ContainerId): Promise<AccountFiles> {
  const [passwd, group] = await Promise.all([readFile(engine, id, '/etc/passwd'), readFile(engine, id, '/etc/group')]);
  return { passwd, group };
}
