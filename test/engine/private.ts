import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { dockerCli } from './cli.ts';
import type { EngineControl } from './engine.ts';
import { importImages } from './images.ts';
import { ensureDaemonPrograms } from './prerequisites.ts';
import { Supervised } from './supervised.ts';
import { socketPath } from './supervisor-protocol.ts';

/** A socket's path may have 107 characters, and containerd appends up to 40 to the folder's. */
const LONGEST_TMPDIR = 50;

/** A dockerd of our own in a folder of its own under the temporary folder. */
export async function startPrivateEngine(): Promise<EngineControl> {
  ensureDaemonPrograms();
  const folder = mkdtempSync(join(tmpdir().length > LONGEST_TMPDIR ? '/tmp' : tmpdir(), 'mcpx-'));
  const supervised = new Supervised(folder);
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
