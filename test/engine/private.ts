import { rmSync } from 'node:fs';
import { dockerCli } from './cli.ts';
import type { EngineControl } from './engine.ts';
import { newFolder } from './folder.ts';
import { importImages } from './images.ts';
import { ensureDaemonPrograms } from './prerequisites.ts';
import { type Release, releaseUsr } from './releases.ts';
import { Supervised } from './supervised.ts';
import { socketPath } from './supervisor-protocol.ts';

export interface PrivateOptions {
  /** More of its command line. */
  readonly flags?: readonly string[];
  /** Runs the Docker of that release of Debian instead of the machine's. */
  readonly release?: Release | undefined;
}

/** A dockerd of our own in a folder of its own under the temporary folder. */
export async function startPrivateEngine(options: PrivateOptions = {}): Promise<EngineControl> {
  if (process.getuid?.() !== 0) {
    throw new Error(
      'A Docker engine of our own takes root: run as root, or start an engine and set MCP_TEST_USE_HOST_ENGINE=1.',
    );
  }
  ensureDaemonPrograms();
  const folder = newFolder();
  const { flags = [], release } = options;
  const usr = release && releaseUsr(release);
  const supervised = new Supervised({ program: 'dockerd', folder, flags, usr });
  try {
    await supervised.ask('start');
    return await control(folder, supervised);
  } catch (error) {
    await supervised.end();
    rmSync(folder, { recursive: true, force: true });
    throw error;
  }
}

async function control(folder: string, supervised: Supervised): Promise<EngineControl> {
  const dockerHost = `unix://${socketPath(folder)}`;
  const docker = dockerCli(dockerHost, withoutDockerVariables(folder));
  return {
    kind: 'private',
    dockerHost,
    images: await importImages(docker),
    docker,
    kill: (signal) => supervised.ask(signal),
    async restart() {
      await supervised.ask('stop');
      await supervised.ask('start');
    },
    end: () => supervised.end(),
  };
}

function withoutDockerVariables(folder: string): NodeJS.ProcessEnv {
  const rest = Object.entries(process.env).filter(([name]) => !name.startsWith('DOCKER_'));
  return { ...Object.fromEntries(rest), DOCKER_CONFIG: folder };
}
