import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { onTestFinished } from 'vitest';
import { findProgram } from '../engine/prerequisites.ts';
import type { UsedEngine } from '../engine/use.ts';
import { run } from './pack.ts';

const DOCKERFILE = new URL('../../Dockerfile', import.meta.url);
/** What the command needs besides itself: its first line starts Node by way of env. */
const PROGRAMS = [process.execPath, findProgram('env') ?? '/usr/bin/env'];

/**
 * What the Dockerfile builds, without a registry: its last stage on this machine's Node, with what npm has installed at
 * `prefix`. Returns the image's name, which lasts until the test ends.
 */
export async function importServerImage({ docker, dockerHost }: UsedEngine, prefix: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'server-image-'));
  const image = basename(folder).toLowerCase();
  onTestFinished(async () => {
    await rm(folder, { recursive: true });
    await docker(['image', 'rm', '--force', image]);
  });
  const root = join(folder, 'root');
  await fill(root, prefix);
  const changes = ['ENV PATH=/usr/bin', ...(await lastStage())].flatMap((line) => ['--change', line]);
  // Through a pipe: an archive of it would be as large as all of it once more.
  await run('sh', ['-c', 'tar -C "$0" -c . | docker import "$@"', root, ...changes, '-', image], {
    env: { ...process.env, DOCKER_HOST: dockerHost },
  });
  return image;
}

async function fill(root: string, prefix: string): Promise<void> {
  await mkdir(join(root, 'opt'), { recursive: true });
  await mkdir(join(root, 'usr/bin'), { recursive: true });
  const program = join(root, 'opt/mcp-docker-exec');
  await run('cp', ['-al', prefix, program]);
  // Half of the files, and the engine copies every one of them three times.
  await run('find', [program, '(', '-name', '*.ts', '-o', '-name', '*.map', '-o', '-name', '*.md', ')', '-delete']);
  await run('cp', ['-L', ...PROGRAMS, join(root, 'usr/bin')]);
  const { stdout } = await run('ldd', [...PROGRAMS]);
  const libraries = [...stdout.matchAll(/(?:=> |^\t)(\/\S+) \(/gm)].map((match) => match[1] ?? '');
  await run('cp', ['-L', '--parents', ...new Set(libraries), root]);
}

/** What the last stage sets; its user by number, as there is no account file here. */
async function lastStage(): Promise<string[]> {
  const [, stage = ''] = (await readFile(DOCKERFILE, 'utf8')).split(/^FROM .*-slim$/m);
  const settings = stage.split('\n').filter((line) => /^(?:ENV|USER|ENTRYPOINT) /.test(line));
  return settings.map((line) => (line === 'USER node' ? 'USER 1000:1000' : line));
}
