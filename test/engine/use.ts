import { afterAll, inject } from 'vitest';
import { type DockerCli, dockerCli } from './cli.ts';
import { containers, type RunOptions, type TestContainer } from './containers.ts';
import type { EngineAccess } from './engine.ts';

/** The run's shared engine as a test file sees it. Faults need an engine of their own: see `startEngine`. */
export interface UsedEngine extends EngineAccess {
  /** `images.root`. */
  readonly image: string;
  readonly docker: DockerCli;
  run(options?: RunOptions): Promise<TestContainer>;
}

/** Call it at the top of a test file (or of a `describe`); containers left over at its end are removed. */
export function useEngine(): UsedEngine {
  const { dockerHost, images } = inject('engine');
  const docker = dockerCli(dockerHost);
  const own = containers(docker, images);
  afterAll(own.removeAll);
  return { dockerHost, images, image: images.root, docker, run: own.run };
}
