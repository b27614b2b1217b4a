import { rmSync } from 'node:fs';
import { dockerCli } from './cli.ts';
import type { EngineControl } from './engine.ts';
import { newFolder } from './folder.ts';
import { importImages } from './images.ts';
import { ensureDaemonPrograms } from './prerequisites.ts';
import { Supervised } from './supervised.ts';
import { socketPath } from './supervisor-protocol.ts';

/** A dockerd of our own in a folder of its own under the temporary folder. `flags`: more of its command line. */
export async function startPrivateEngine(flags: readonly string[] = []): Promise<EngineControl> {
  ensureDaemonPrograms();
  const folder = newFolder();
  const supervised = new Supervised({ program: 'dockerd', folder, flags });
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
