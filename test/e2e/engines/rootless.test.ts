import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { accountEnvironment, asAccount, installationFor } from '../../engine/account-programs.ts';
import { execCommand } from '../../engine/command.ts';
import type { TestContainer } from '../../engine/containers.ts';
import { type RootlessEngine, startRootless } from '../../engine/rootless.ts';
import { ROOTLESS_ENGINES } from '../../engine/rootless-files.ts';
import { processesNaming } from '../../engine/traces.ts';
import { openServer, startServer, type TestServer } from '../client.ts';
import { runProgram } from '../program.ts';
import type { Installation, ServerEnvironment } from '../server-process.ts';
import {
  exec,
  expectHealthy,
  expectKill,
  expectListed,
  expectLogs,
  expectStdin,
  expectStream,
  expectUnreachable,
  logged,
} from './road.ts';

/** What a call is told, and doctor too. */
async function expectRefusal(
  env: ServerEnvironment,
  installed: Installation,
  message: RegExp,
  hint: RegExp,
): Promise<void> {
  const [server, doctor] = await Promise.all([
    startServer({ env, ...installed }),
    runProgram(['doctor'], env, installed),
  ]);
  await expectUnreachable(server, message, hint);
  expect(doctor).toMatchObject({ code: 1, stdout: expect.stringMatching(hint) });
}

describe.each(ROOTLESS_ENGINES)('%s of an unprivileged user, who also runs the server', (name) => {
  let engine: RootlessEngine;
  let own: Installation;
  let server: TestServer;
  let box: TestContainer;

  /** As a client starts it: with a home and little more. */
  function bare() {
    const { PATH, HOME } = accountEnvironment(engine.account);
    return { PATH, HOME };
  }

  function env() {
    return { ...bare(), DOCKER_HOST: engine.dockerHost, MCP_DOCKER_KILL_GRACE_MS: '200' };
  }

  beforeAll(async () => {
    engine = await startRootless(name);
    own = installationFor(engine.account);
    box = await logged(engine.run);
    // The container's root is the user who started it.
    server = await openServer({ env: { ...env(), MCP_DOCKER_ALLOW_ROOT: 'true' }, ...own });
  });

  afterAll(async () => {
    await server.close();
    await engine.stop();
  });

  it('is healthy', () => expectHealthy(server, engine.dockerHost));
  it('takes stdin to its end', () => expectStdin(server, box));
  it('streams every byte', () => expectStream({ env: env(), ...own }, box));
  it('has logs', () => expectLogs(server, box));
  it('lists and inspects its containers', () => expectListed(server, box));
  it('has commands killed', () => expectKill(server, box));

  it.each([
    ['and what left its session, without their environment', 'root', 'setsid env -i sleep $0 & exec env -i sleep $0'],
    ['where there is no shell', 'scratch', undefined],
  ] as const)('has a command killed %s', async (_what, image, script) => {
    // Nobody else on this machine sleeps for so long.
    const seconds = String(engine.account.uid);
    const cmd = script === undefined ? ['/sleep', seconds] : ['sh', '-c', script, seconds];
    const { id } = await engine.run({ image });
    const result = await exec(server, { id, cmd, user: '1000', timeoutMs: 300 });
    expect(result).toMatchObject({ outcome: 'timeout', termination: 'killed' });
    expect(processesNaming(`sleep\0${seconds}`)).toEqual([]);
  });

  it('satisfies doctor, down to a command that runs', async () => {
    const { code, stdout } = await runProgram(['doctor', '--container', box.name], env(), own);
    expect({ code, stdout }).toEqual({
      code: 0,
      stdout: expect.stringMatching(/✓ socket: .*✓ round trip: a command ran/s),
    });
  });

  it('is not found by itself, as the Docker CLI does not find it, but pointed at', async () => {
    const pointer = new RegExp(`set DOCKER_HOST=${engine.dockerHost}`);
    await expectRefusal(bare(), own, /ENOENT/, pointer);
  });

  it('is closed to every other user, who is told why', async () => {
    const stranger = installationFor(engine.account, engine.account.strangerUid);
    const why = new RegExp(`the rootless engine of the user ${engine.account.uid} and for that user alone`);
    await expectRefusal(env(), stranger, /EACCES/, why);
  });

  it('is found by a context of the Docker CLI', async () => {
    const environment = accountEnvironment(engine.account);
    for (const args of [
      ['create', 'rootless', '--description', 'Rootless mode', '--docker', `host=${engine.dockerHost}`],
      ['use', 'rootless'],
    ]) {
      const [program, ...rest] = asAccount(engine.account, 'docker', ['context', ...args]);
      expect(await execCommand(program, rest, environment)).toMatchObject({ code: 0 });
    }
    const there = await startServer({ env: bare(), ...own });
    await expectHealthy(there, engine.dockerHost);
    expect(await exec(there, { id: box.id, cmd: ['echo', 'there'] })).toMatchObject({ stdout: 'there\n' });
  });
});
