import { mkdirSync, readdirSync, symlinkSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { platformName, prebuildFor } from '../../src/frames/places.ts';
import { COMMANDS } from '../docs/commands.ts';
import { everyEntry } from '../docs/documents.ts';
import { startServer, type TestServer } from '../e2e/client.ts';
import { useEngine } from '../engine/use.ts';
import { connectTo } from './entry.ts';
import { importServerImage } from './image.ts';
import { type Packed, pack, run } from './pack.ts';

const engine = useEngine();
const ROOT = fileURLToPath(new URL('../../', import.meta.url));
/** The entries of the documents, each once. */
const ENTRIES = [
  ...new Map(
    everyEntry.map(({ command, args, env }) => [JSON.stringify([command, args, env]), { command, args, env }]),
  ).values(),
];
const NPM = ['install', '--prefer-offline', '--no-audit', '--no-fund'];
/** Node itself as a package. */
const NODE = `node-${process.platform}-${process.arch}`;
/** All that a laptop without compilers has to have. */
const PROGRAMS = ['node', 'npm', 'npx', 'sh'];

/** The same for a command that is typed as documented. */
const SETTINGS = { npm_config_prefer_offline: 'true', npm_config_audit: 'false', npm_config_fund: 'false' };

let packed: Packed;
let prefix: string;
let installed: string;
let bare: string;

/** A folder with nothing but these programs, to be the whole PATH. */
async function pathWith(folder: string, programs: readonly string[]): Promise<string> {
  mkdirSync(folder);
  for (const program of programs) {
    const { stdout } = await run('sh', ['-c', `command -v ${program}`]);
    symlinkSync(program === 'node' ? process.execPath : stdout.trim(), join(folder, program));
  }
  return folder;
}

beforeAll(async () => {
  packed = await pack();
  bare = await pathWith(join(packed.folder, 'bin'), PROGRAMS);
  prefix = join(packed.folder, 'prefix');
  const line = COMMANDS.install.line.replace('mcp-docker-exec', packed.tarball);
  await run('sh', ['-c', line], { env: { ...process.env, ...SETTINGS, PATH: bare, npm_config_prefix: prefix } });
  installed = join(prefix, 'lib/node_modules/mcp-docker-exec');
  return () => rm(packed.folder, { recursive: true });
});

/** Starts the command npm has put into the PATH. */
function start(env: Readonly<Record<string, string>> = {}, node?: string): Promise<TestServer> {
  const program = join(dirname(installed), '../../bin/mcp-docker-exec');
  return startServer({
    env: { PATH: bare, DOCKER_HOST: engine.dockerHost, ...env },
    program,
    ...(node === undefined ? {} : { node }),
  });
}

/** The main job: a command's output and exit code, by the demuxer that is expected. */
async function expectWorking(server: TestServer, demuxer: 'native' | 'javascript'): Promise<void> {
  const { id } = await engine.run();
  const reply = await server.call('docker_exec', { id, cmd: ['sh', '-c', 'echo out; echo err >&2; exit 3'] });
  expect(reply).toMatchObject({ structured: { outcome: 'exited', exitCode: 3, stdout: 'out\n', stderr: 'err\n' } });
  expect(await server.call('health')).toMatchObject({ structured: { demuxer } });
}

describe('installed from the tarball, with nothing but Node, npm and sh', { timeout: 60_000 }, () => {
  it('no compiler was in reach', () => {
    expect(readdirSync(bare).toSorted()).toEqual(PROGRAMS);
  });

  it('the command does its job with the native demuxer it came with', async () => {
    await expectWorking(await start({ MCP_DOCKER_NATIVE: 'require' }), 'native');
  });

  it('the command says its version', async () => {
    const { stdout } = await run(join(installed, '../../../bin/mcp-docker-exec'), ['--version'], {
      env: { PATH: bare },
    });
    expect(stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  });

  it.each(['22', '24'])('it does so on Node %s', async (version) => {
    const folder = join(packed.folder, `node${version}`);
    await run('npm', [...NPM, '--ignore-scripts', '--prefix', folder, `${NODE}@${version}`]);
    const node = join(folder, 'node_modules', NODE, 'bin/node');
    expect((await run(node, ['--version'])).stdout).toMatch(new RegExp(`^v${version}\\.`));
    await expectWorking(await start({ MCP_DOCKER_NATIVE: 'require' }, node), 'native');
  });

  it.each(ENTRIES)('as $command $args with $env, a client reaches it', async ({ command, args, env }) => {
    const home = await mkdtemp(join(packed.folder, 'home-'));
    const filled = (text: string) => text.replace('/home/me', home).replace('/path/to/mcp-docker-exec/', ROOT);
    const own = Object.fromEntries(Object.entries(env).map(([name, value]) => [name, filled(value)]));
    const client = await connectTo({
      command,
      args: args.map(filled),
      env: { PATH: bare, HOME: home, npm_config_prefix: prefix, DOCKER_HOST: engine.dockerHost, ...own },
      cwd: home,
    });
    const { structuredContent } = await client.callTool({ name: 'health', arguments: {} });
    expect(structuredContent).toMatchObject({ status: 'healthy' });
  });

  it('in a container, as the Dockerfile has it', async () => {
    const image = await importServerImage(engine, prefix);
    const socket = engine.dockerHost.replace('unix://', '');
    const line = COMMANDS.dockerRun.line
      .replace(/(?<!:)\/var\/run\/docker\.sock/g, socket)
      .replace(/mcp-docker-exec$/, image);
    const client = await connectTo({ command: 'sh', args: ['-c', line], env: { DOCKER_HOST: engine.dockerHost } });
    const { id } = await engine.run();
    const call = { name: 'docker_exec', arguments: { id, cmd: ['echo', 'from a container'] } };
    expect((await client.callTool(call)).structuredContent).toMatchObject({ stdout: 'from a container\n' });
  });

  it('without a native module for the platform it does the same in JavaScript, and says so once, with the reason', async () => {
    await rm(join(installed, prebuildFor()));
    const server = await start();
    await expectWorking(server, 'javascript');
    const told = server.stderr.filter((line) => line.includes('javascript'));
    expect(told).toHaveLength(1);
    expect(told[0]).toContain(`no native module for ${platformName()}`);
  });
});
