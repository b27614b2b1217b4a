import { rmSync } from 'node:fs';
import { type Account, accountIn, accountProcesses } from './account.ts';
import { accountEnvironment, asAccount } from './account-programs.ts';
import { answersPing } from './ping.ts';
import { podmanArguments, podmanConfigFile } from './podman-files.ts';
import { findProgram } from './prerequisites.ts';
import { killAll, untilNone } from './processes.ts';
import { type RootlessEngineName, rootlessSocket } from './rootless-files.ts';
import { type Foreground, foregroundService, type Service } from './service.ts';

type Program = Pick<Foreground, 'args' | 'command'> & { readonly env: NodeJS.ProcessEnv };

const PROGRAMS: Readonly<Record<RootlessEngineName, (account: Account) => Program>> = { dockerd, podman };

/** A rootless engine of the account in `folder`. Its mounts are in namespaces of its own: they end with its processes. */
export function rootlessService(engine: RootlessEngineName, folder: string): Service {
  const account = accountIn(folder);
  const { command, args, env } = PROGRAMS[engine](account);
  const [first, ...rest] = asAccount(account, command, args);
  return foregroundService(
    {
      command: first,
      args: rest,
      env: { ...accountEnvironment(account), ...env },
      logFile: `${folder}/engine.log`,
      isReady: () => answersPing(rootlessSocket(account.runtime, engine)),
    },
    () => clear(account),
  );
}

/** By Docker's own script with its own paths; the only network is the machine's, as containers have none. */
function dockerd(): Program {
  const script = findProgram('dockerd-rootless.sh') ?? '/usr/share/docker.io/contrib/dockerd-rootless.sh';
  const network = ['--bridge=none', '--iptables=false', '--ip6tables=false', '--ip-forward=false'];
  return {
    command: script,
    args: [...network, '--storage-driver=vfs'],
    env: { DOCKERD_ROOTLESS_ROOTLESSKIT_NET: 'host', DOCKERD_ROOTLESS_ROOTLESSKIT_PORT_DRIVER: 'none' },
  };
}

function podman(account: Account): Program {
  const socket = `unix://${rootlessSocket(`/run/user/${account.uid}`, 'podman')}`;
  return {
    command: 'podman',
    args: [...podmanArguments(account.home), 'system', 'service', '--time=0', socket],
    env: { CONTAINERS_CONF: podmanConfigFile(account.home) },
  };
}

async function clear(account: Account): Promise<void> {
  await untilNone(() => killAll(accountProcesses(account)));
  rmSync(account.folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
}
