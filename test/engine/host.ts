import { dockerCli, dockerText } from './cli.ts';
import type { EngineControl } from './engine.ts';
import { importImages, removeImages } from './images.ts';
import { ensureClientPrograms } from './prerequisites.ts';

/** The machine's own engine: what DOCKER_HOST names, else the default socket. Only our images and containers touch it. */
export async function startHostEngine(): Promise<EngineControl> {
  ensureClientPrograms();
  const dockerHost = process.env['DOCKER_HOST'] ?? 'unix:///var/run/docker.sock';
  const docker = dockerCli(dockerHost);
  await dockerText(docker, ['version', '--format', '{{.Server.Version}}']);
  const images = await importImages(docker);
  return {
    kind: 'host',
    dockerHost,
    images,
    docker,
    kill: refuse,
    restart: refuse,
    end: () => removeImages(docker, images),
  };
}

async function refuse(): Promise<never> {
  throw new Error('The engine of this machine is not ours to stop: unset MCP_TEST_USE_HOST_ENGINE.');
}
