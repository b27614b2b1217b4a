import { randomBytes } from 'node:crypto';
import { type CliOptions, type CliResult, type DockerCli, dockerText } from './cli.ts';
import type { TestImages } from './images.ts';

/** The label every container of the tests has. */
export const TEST_LABEL = 'mcp-docker-exec.test';

export interface RunOptions {
  /** `root` by default; or any image reference. */
  readonly image?: keyof TestImages | (string & {});
  /** What runs as process 1; by default the image's command, which idles until it is stopped. */
  readonly cmd?: readonly string[];
  /** More flags of `docker run`, such as `--tty` or `--cap-drop=ALL`. */
  readonly flags?: readonly string[];
}

export interface TestContainer {
  /** 64 hex digits. */
  readonly id: string;
  readonly name: string;
  /** `docker exec` by the real client, to compare with. */
  exec(cmd: readonly string[], options?: CliOptions & { readonly flags?: readonly string[] }): Promise<CliResult>;
  remove(): Promise<void>;
}

/** One user's containers on an engine: started with random names, found again by a label of their own. */
export interface Containers {
  run(options?: RunOptions): Promise<TestContainer>;
  /** Removes whatever this scope started and has not removed. */
  removeAll(): Promise<void>;
}

/** Networks are off: the private engine has no bridge, and no test needs one. */
export function containers(docker: DockerCli, images: TestImages): Containers {
  const label = `${TEST_LABEL}=${randomBytes(9).toString('hex')}`;
  return {
    async run(options = {}) {
      const name = `mcp-test-${randomBytes(6).toString('hex')}`;
      const fixed = ['run', '--detach', '--name', name, '--label', label, '--network', 'none'];
      const image = imageReference(images, options.image ?? 'root');
      const id = await dockerText(docker, [...fixed, ...(options.flags ?? []), image, ...(options.cmd ?? [])]);
      return container(docker, id, name);
    },
    async removeAll() {
      const ids = await dockerText(docker, ['ps', '--all', '--quiet', '--no-trunc', '--filter', `label=${label}`]);
      if (ids !== '') await remove(docker, ids.split('\n'));
    },
  };
}

function container(docker: DockerCli, id: string, name: string): TestContainer {
  return {
    id,
    name,
    exec: (cmd, options = {}) => docker(['exec', ...(options.flags ?? []), id, ...cmd], options),
    remove: () => remove(docker, [id]),
  };
}

function imageReference(images: TestImages, wanted: string): string {
  return { ...images }[wanted] ?? wanted;
}

async function remove(docker: DockerCli, ids: readonly string[]): Promise<void> {
  await dockerText(docker, ['rm', '--force', '--volumes', ...ids]);
}
