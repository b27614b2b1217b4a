import { rmSync, writeFileSync } from 'node:fs';
import { type DockerCli, dockerCli } from './cli.ts';
import { type Containers, containers } from './containers.ts';
import { newFolder } from './folder.ts';
import { importImages } from './images.ts';
import { PODMAN_CONFIG, podmanConfigFile } from './podman-files.ts';
import { ensureDaemonPrograms, ensurePodmanPrograms } from './prerequisites.ts';
import { type Release, releaseUsr } from './releases.ts';
import { Supervised } from './supervised.ts';
import { socketPath } from './supervisor-protocol.ts';

/** Podman's service: Docker's API by another engine. */
export interface PodmanEngine extends Pick<Containers, 'run'> {
  readonly dockerHost: string;
  readonly docker: DockerCli;
  stop(): Promise<void>;
}

/** Podman in a folder of its own, used through Docker's client as far as tests need containers and images. */
export async function startPodman(release?: Release): Promise<PodmanEngine> {
  ensurePodmanPrograms();
  ensureDaemonPrograms();
  const folder = newFolder();
  writeFileSync(podmanConfigFile(folder), PODMAN_CONFIG);
  const supervised = new Supervised({ program: 'podman', folder, usr: release && releaseUsr(release) });
  try {
    await supervised.ask('start');
    const dockerHost = `unix://${socketPath(folder)}`;
    const docker = dockerCli(dockerHost, { ...process.env, DOCKER_CONFIG: folder });
    const { run } = containers(docker, await importImages(docker));
    return { dockerHost, docker, run, stop: () => supervised.end() };
  } catch (error) {
    await supervised.end();
    rmSync(folder, { recursive: true, force: true });
    throw error;
  }
}
