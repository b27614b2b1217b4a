import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { execCommand } from '../../engine/command.ts';
import { createContext } from '../../engine/context.ts';
import { useEngine } from '../../engine/use.ts';
import { startServer } from '../client.ts';
import { runProgram } from '../program.ts';
import { exec } from './road.ts';

const engine = useEngine();
let store: string;

/** Addresses where nobody listens: only their names matter. */
const NOBODY = { chosen: 'unix:///nobody/chosen.sock', current: 'unix:///nobody/current.sock' };

beforeAll(() => {
  store = mkdtempSync(join(tmpdir(), 'contexts-'));
  for (const [name, host] of Object.entries({ ...NOBODY, real: engine.dockerHost })) createContext(store, name, host);
});

afterAll(() => rmSync(store, { recursive: true }));

function useContext(currentContext: string | undefined): void {
  writeFileSync(join(store, 'config.json'), JSON.stringify({ currentContext }));
}

/** The address the Docker CLI goes to: where it fails, it names it. */
async function cliAddress(env: Readonly<Record<string, string>>): Promise<string> {
  const { PATH = '' } = process.env;
  const { stdout, stderr } = await execCommand('docker', ['version', '--format', '{{.Server.Version}}'], {
    PATH,
    HOME: '/nonexistent',
    DOCKER_CONFIG: store,
    ...env,
  });
  return /unix:\/\/[\w./-]+\.sock/.exec(stderr)?.[0] ?? (stdout.trim() === '' ? stderr : engine.dockerHost);
}

async function ourAddress(env: Readonly<Record<string, string>>): Promise<string> {
  const { stdout } = await runProgram(['config', '--json'], { DOCKER_CONFIG: store, ...env });
  return JSON.parse(stdout).endpoint.description;
}

describe('which engine is used is what the Docker CLI says', () => {
  const host = { DOCKER_HOST: 'unix:///nobody/host.sock' };
  it.each([
    ['DOCKER_HOST wins over all', { ...host, DOCKER_CONTEXT: 'chosen' }, 'current', 'unix:///nobody/host.sock'],
    ['DOCKER_CONTEXT wins over the current one', { DOCKER_CONTEXT: 'chosen' }, 'current', NOBODY.chosen],
    ['the current context', {}, 'current', NOBODY.current],
    [
      'DOCKER_CONTEXT=default is the built-in one',
      { DOCKER_CONTEXT: 'default' },
      'current',
      'unix:///var/run/docker.sock',
    ],
    ['no context at all', {}, undefined, 'unix:///var/run/docker.sock'],
  ])('%s', async (_what, env, current, expected) => {
    useContext(current);
    expect([await ourAddress(env), await cliAddress(env)]).toEqual([expected, expected]);
  });
});

describe('a context from the store', () => {
  it.each([
    ['by DOCKER_CONTEXT', { DOCKER_CONTEXT: 'real' }, undefined],
    ['as the current one', {}, 'real'],
  ])('%s leads to its engine', async (_how, env, current) => {
    useContext(current);
    const { id } = await engine.run();
    const server = await startServer({ env: { DOCKER_CONFIG: store, ...env } });
    expect(await exec(server, { id, cmd: ['echo', 'there'] })).toMatchObject({ stdout: 'there\n' });
  });

  it('that is not there stops the start, as it stops the Docker CLI', async () => {
    useContext(undefined);
    const { code, stderr } = await runProgram([], { DOCKER_CONFIG: store, DOCKER_CONTEXT: 'no-such' });
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringMatching(/^DOCKER_CONTEXT: expected .*no-such/) });
    expect(await cliAddress({ DOCKER_CONTEXT: 'no-such' })).toMatch(/no-such/);
  });
});
