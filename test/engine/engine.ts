import type { DockerCli } from './cli.ts';
import { type Containers, containers, type RunOptions, type TestContainer } from './containers.ts';
import { startHostEngine } from './host.ts';
import type { TestImages } from './images.ts';
import { startPrivateEngine } from './private.ts';
import { RELEASES, type Release } from './releases.ts';

/** What a test needs to use an engine that another process may own. */
export interface EngineAccess {
  /** As DOCKER_HOST: `unix:///…`. */
  readonly dockerHost: string;
  readonly images: TestImages;
}

export type EngineSignal = 'SIGKILL' | 'SIGSTOP' | 'SIGCONT';

export interface Engine extends EngineAccess {
  readonly kind: 'private' | 'host';
  /** `images.root`. */
  readonly image: string;
  /** The real Docker client, pointed at this engine. */
  readonly docker: DockerCli;
  run(options?: RunOptions): Promise<TestContainer>;
  /** Sends a signal to the daemon. @throws Error on the machine's own engine. */
  kill(signal: EngineSignal): Promise<void>;
  /** Ends the daemon, if it runs, and starts it again on the same socket. @throws Error on the machine's own engine. */
  restart(): Promise<void>;
  /** Removes the engine (or, on the machine's own, the images and containers made through this object). */
  stop(): Promise<void>;
}

/** How one kind of engine is controlled. */
export interface EngineControl extends EngineAccess {
  readonly kind: 'private' | 'host';
  readonly docker: DockerCli;
  kill(signal: EngineSignal): Promise<void>;
  restart(): Promise<void>;
  end(): Promise<void>;
}

/**
 * A real Docker engine: a private daemon, or the machine's own with MCP_TEST_USE_HOST_ENGINE=1. With MCP_TEST_ENGINE_RELEASE the daemon
 * is the one of that release of Debian. Takes 1 to 3 s.
 * Even if this process is killed, a private daemon and all it made are removed.
 */
export async function startEngine(release = releaseAsked()): Promise<Engine> {
  const control = await (process.env['MCP_TEST_USE_HOST_ENGINE'] === '1'
    ? startHostEngine()
    : startPrivateEngine({ release }));
  const own = containers(control.docker, control.images);
  return { ...control, image: control.images.root, run: own.run, stop: () => stop(control, own) };
}

function releaseAsked(): Release | undefined {
  const asked = process.env['MCP_TEST_ENGINE_RELEASE'];
  const release = RELEASES.find((name) => name === asked);
  if (asked !== undefined && release === undefined)
    throw new Error(`MCP_TEST_ENGINE_RELEASE is one of ${RELEASES.join(', ')}.`);
  return release;
}

async function stop(control: EngineControl, own: Containers): Promise<void> {
  if (control.kind === 'host') await own.removeAll();
  await control.end();
}
