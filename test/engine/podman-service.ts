import { execFileSync, spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { basename } from 'node:path';
import { answersPing } from './ping.ts';
import { podmanArguments, podmanEnvironment } from './podman-files.ts';
import { daemonProcesses, killAll, untilNone } from './processes.ts';
import { inRelease } from './releases.ts';
import { mountsUnder } from './remains.ts';
import { foregroundService, type Service } from './service.ts';
import { socketPath } from './supervisor-protocol.ts';

const PROGRAMS = /^(podman|conmon)/;

/** Podman's service with everything of it in `folder`. */
export function podmanService(folder: string, usr?: string): Service {
  const socket = socketPath(folder);
  const [command, ...args] = podman(folder, usr, ['system', 'service', '--time=0', `unix://${socket}`]);
  return foregroundService(
    {
      command,
      args,
      env: podmanEnvironment(folder),
      logFile: `${folder}/podman.log`,
      isReady: () => answersPing(socket),
    },
    () => clear(folder, usr),
  );
}

function podman(folder: string, usr: string | undefined, args: readonly string[]): readonly [string, ...string[]] {
  const all = [...podmanArguments(folder), ...args];
  return usr === undefined ? ['podman', ...all] : inRelease(usr, 'podman', all);
}

/** Containers do not end with the service, and each exec leaves a conmon that waits for five minutes. */
async function clear(folder: string, usr: string | undefined): Promise<void> {
  const [command, ...args] = podman(folder, usr, ['rm', '--all', '--force', '--time', '0']);
  spawnSync(command, args, { env: podmanEnvironment(folder), stdio: 'ignore', timeout: 20_000 });
  await untilNone(() => killAll(daemonProcesses(basename(folder), PROGRAMS)));
  for (const mount of mountsUnder(folder).reverse()) execFileSync('umount', ['--lazy', mount]);
  rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
}
