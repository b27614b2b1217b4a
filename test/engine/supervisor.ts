/**
 * A process of its own that owns one dockerd, Podman service or sshd: started by `supervised.ts`, told what to do by messages. When the process
 * that started it is gone, however it went, the channel closes and everything of the engine is removed.
 */
import { Daemon } from './daemon.ts';
import { podmanService } from './podman-service.ts';
import { clear } from './remains.ts';
import { rootlessService } from './rootless-service.ts';
import type { Service } from './service.ts';
import { sshdService } from './sshd-service.ts';
import type { Answer, Request, Wanted } from './supervisor-protocol.ts';

let service: Service | undefined;

function serviceFor({ program, folder, flags = [], usr }: Wanted): Service {
  switch (program) {
    case 'podman':
      return podmanService(folder, usr);
    case 'rootless-dockerd':
      return rootlessService('dockerd', folder);
    case 'rootless-podman':
      return rootlessService('podman', folder);
    case 'sshd':
      return sshdService(folder);
    case 'dockerd':
      return dockerService(new Daemon(folder, { flags, usr }));
  }
}

function dockerService(daemon: Daemon): Service {
  return {
    start: () => daemon.start(),
    stop: () => daemon.stop(),
    signal: (signal) => daemon.signal(signal),
    clear: () => clear(daemon),
  };
}

async function obey({ kind, wanted }: Request): Promise<void> {
  service ??= serviceFor(wanted);
  if (kind === 'start') return service.start();
  if (kind === 'stop') return service.stop();
  return service.signal(kind);
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

// Without a service there is nothing to remove; a failure here ends the process with its stack on stderr.
process.on('disconnect', async () => {
  await service?.clear();
  process.exit(0);
});
