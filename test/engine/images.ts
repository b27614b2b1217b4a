import { randomBytes } from 'node:crypto';
import { type DockerCli, dockerText } from './cli.ts';
import { busyboxRootfs, scratchRootfs } from './rootfs.ts';

/** References of the images every engine under test has. */
export interface TestImages {
  /** busybox, runs as root. */
  readonly root: string;
  /** The same, with `USER app` (1000:1000). */
  readonly app: string;
  /** Only `/sleep`: no shell and no /etc/passwd. */
  readonly scratch: string;
}

/** Lives until it is told to stop, and then stops at once: a plain `sleep` as process 1 ignores TERM. */
const IDLE = JSON.stringify(['sh', '-c', 'trap "exit 0" TERM; while :; do sleep 3600 & wait $!; done']);

/** Builds the images under a name of their own, without a registry. */
export async function importImages(docker: DockerCli): Promise<TestImages> {
  const name = `mcp-docker-exec-test-${randomBytes(6).toString('hex')}`;
  const images = { root: `${name}:root`, app: `${name}:app`, scratch: `${name}:scratch` };
  const busybox = busyboxRootfs();
  await importImage(docker, busybox, images.root, [`CMD ${IDLE}`]);
  await importImage(docker, busybox, images.app, [`CMD ${IDLE}`, 'USER app', 'WORKDIR /home/app']);
  await importImage(docker, scratchRootfs(), images.scratch, ['CMD ["/sleep","86400"]']);
  return images;
}

export async function removeImages(docker: DockerCli, images: TestImages): Promise<void> {
  await docker(['image', 'rm', '--force', ...Object.values(images)]);
}

async function importImage(
  docker: DockerCli,
  rootfs: Buffer,
  reference: string,
  changes: readonly string[],
): Promise<void> {
  const flags = changes.flatMap((change) => ['--change', change]);
  await dockerText(docker, ['import', ...flags, '-', reference], { input: rootfs });
}
