import { chownSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { type Account, createAccount } from './account.ts';
import { type DockerCli, dockerCli } from './cli.ts';
import { type Containers, containers } from './containers.ts';
import { newFolder } from './folder.ts';
import { importImages } from './images.ts';
import { PODMAN_CONFIG, podmanConfigFile } from './podman-files.ts';
import { ensureDaemonPrograms, ensurePodmanPrograms, ensureRootlessPrograms } from './prerequisites.ts';
import { type RootlessEngineName, rootlessSocket } from './rootless-files.ts';
import { Supervised } from './supervised.ts';

/** An engine that an unprivileged user runs for itself. */
export interface RootlessEngine extends Pick<Containers, 'run'> {
  readonly account: Account;
  /** Where the account's programs reach it. */
  readonly dockerHost: string;
  readonly docker: DockerCli;
  stop(): Promise<void>;
}

/** Docker's or Podman's daemon, run by a user who exists for it alone. */
export async function startRootless(engine: RootlessEngineName): Promise<RootlessEngine> {
  ensureDaemonPrograms();
  ensureRootlessPrograms();
  if (engine === 'podman') ensurePodmanPrograms();
  const account = createAccount(newFolder());
  prepare(account);
  const supervised = new Supervised({ program: `rootless-${engine}`, folder: account.folder });
  try {
    await supervised.ask('start');
    const docker = dockerCli(`unix://${rootlessSocket(account.runtime, engine)}`, {
      ...process.env,
      DOCKER_CONFIG: account.folder,
    });
    const { run } = containers(docker, await importImages(docker));
    const dockerHost = `unix://${rootlessSocket(`/run/user/${account.uid}`, engine)}`;
    return { account, dockerHost, docker, run, stop: () => supervised.end() };
  } catch (error) {
    await supervised.end();
    rmSync(account.folder, { recursive: true, force: true });
    throw error;
  }
}

/** Podman does not make the folder of its socket. */
function prepare(account: Account): void {
  const folder = dirname(rootlessSocket(account.runtime, 'podman'));
  mkdirSync(folder);
  chownSync(folder, account.uid, account.uid);
  writeFileSync(podmanConfigFile(account.home), PODMAN_CONFIG);
}
