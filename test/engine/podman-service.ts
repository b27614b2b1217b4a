import { execFileSync, spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { basename } from 'node:path';
import { answersPing } from './ping.ts';
import { podmanArguments, podmanEnvironment } from './podman-files.ts';
import { daemonProcesses, killAll, untilNone } from './processes.ts';
import { mountsUnder } from './remains.ts';
import { foregroundService, type Service } from './service.ts';
import { socketPath } from './supervisor-protocol.ts';

const PROGRAMS = /^(podman|conmon)/;

/** Podman's service with everything of it in `folder`. */
export function podmanService(folder: string): Service {
  const socket = socketPath(folder);
  return foregroundService(
    {
      command: 'podman',
      args: [...podmanArguments(folder), 'system', 'service', '--time=0', `unix://${socket}`],
      env: podmanEnvironment(folder),
      logFile: `${folder}/podman.log`,
      isReady: () => answersPing(socket),
    },
    () => clear(folder),
  );
}

/** Containers do not end with the service, and each exec leaves a conmon that waits for five minutes. */
async function clear(folder: string): Promise<void> {
  const args = [...podmanArguments(folder), 'rm', '--all', '--force', '--time', '0'];
  spawnSync('podman', args, { env: podmanEnvironment(folder), stdio: 'ignore', timeout: 20_000 });
  await untilNone(() => killAll(daemonProcesses(basename(folder), PROGRAMS)));
  for (const mount of mountsUnder(folder).reverse()) execFileSync('umount', ['--lazy', mount]);
  rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
}
