/**
 * A process of its own that owns one dockerd: started by `supervised.ts`, told what to do by messages. When the process
 * that started it is gone, however it went, the channel closes and everything of the engine is removed.
 */
import { Daemon } from './daemon.ts';
import { clear } from './remains.ts';
import type { Answer, Request } from './supervisor-protocol.ts';

let daemon: Daemon | undefined;

async function obey({ kind, folder }: Request): Promise<void> {
  daemon ??= new Daemon(folder);
  if (kind === 'start') return daemon.start();
  if (kind === 'stop') return daemon.stop();
  return daemon.signal(kind);
}

async function answer(request: Request): Promise<Answer> {
  try {
    await obey(request);
    return { id: request.id };
  } catch (error) {
    return { id: request.id, error: error instanceof Error ? error.message : String(error) };
  }
}

process.on('message', async (request: Request) => {
  const reply = await answer(request);
  if (process.connected) process.send?.(reply);
});

// Without a daemon there is nothing to remove; a failure here ends the process with its stack on stderr.
process.on('disconnect', async () => {
  if (daemon !== undefined) await clear(daemon);
  process.exit(0);
});
