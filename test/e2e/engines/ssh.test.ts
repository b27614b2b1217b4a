import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { TestContainer } from '../../engine/containers.ts';
import { type Sshd, startSshd } from '../../engine/sshd.ts';
import { useEngine } from '../../engine/use.ts';
import { openServer, startServer, type TestServer } from '../client.ts';
import { runProgram } from '../program.ts';
import { untilSeen } from '../witness.ts';
import {
  exec,
  expectHealthy,
  expectKill,
  expectLogs,
  expectStdin,
  expectStream,
  expectUnreachable,
  logged,
} from './road.ts';

const engine = useEngine();
let sshd: Sshd;
let server: TestServer;
let box: TestContainer;

const PLACES = 10;
/** Kept for control calls by each of the threads: main, one for execs, one for logs. */
const CONTROL = 3 * 4;

function env() {
  return { ...sshd.env, DOCKER_HOST: sshd.dockerHost, MCP_DOCKER_KILL_GRACE_MS: '200' };
}

beforeAll(async () => {
  sshd = await startSshd(engine.dockerHost);
  sshd.knows(sshd.hostKey);
  box = await logged(engine.run);
  server = await openServer({ env: env() });
});

beforeEach(() => sshd.knows(sshd.hostKey));

afterAll(async () => {
  await server.close();
  await sshd.stop();
});

describe('an engine behind ssh', () => {
  it('is healthy, once a connection stands', async () => {
    // A login may take longer than health waits for anything.
    await server.call('docker_ps');
    await expectHealthy(server, sshd.dockerHost);
  });

  it('takes stdin to its end', () => expectStdin(server, box));
  it('streams every byte', () => expectStream(env(), box));
  it('has logs', () => expectLogs(server, box));
  it('has commands killed', () => expectKill(server, box));

  it('carries twenty runs at once over a bounded number of connections, and leaves none behind', async () => {
    const before = { ...sshd.sessions(), clients: sshd.clients() };
    const busy = await openServer({ env: env() });
    const runs = Array.from({ length: 20 }, (_, n) => exec(busy, { id: box.id, cmd: ['echo', String(n)] }));
    const results = await Promise.all(runs);
    expect(results.map(({ stdout }) => stdout)).toEqual(results.map((_, n) => `${n}\n`));
    const during = sshd.sessions();
    expect(during.all - before.all).toBeLessThanOrEqual(20 + CONTROL);
    expect(during.most - before.open).toBeLessThanOrEqual(PLACES + CONTROL);
    expect(sshd.clients() - before.clients).toBeLessThanOrEqual(CONTROL);
    // One run more: its stream alone needs a connection, all else goes over those that are kept.
    await exec(busy, { id: box.id, cmd: ['true'] });
    expect(sshd.sessions().all - during.all).toBeLessThanOrEqual(1);
    await busy.close();
    await untilSeen(
      async () => ({ open: sshd.sessions().open, clients: sshd.clients() }),
      ({ open, clients }) => open <= before.open && clients <= before.clients,
    );
  });
});

describe('what ssh refuses is told', () => {
  it('a host key that changed', async () => {
    sshd.knows(sshd.otherKey);
    const other = await startServer({ env: env() });
    await expectUnreachable(other, /Host key verification failed/, /another one than ssh knows/);
  });

  it('a host key that nobody accepted yet', async () => {
    sshd.knows(undefined);
    const other = await startServer({ env: env() });
    await expectUnreachable(other, /Host key verification failed/, /connect once by hand/);
    expect(await runProgram(['doctor'], env())).toMatchObject({
      code: 1,
      stdout: expect.stringMatching(
        /✗ engine: .*Host key verification failed[^\n]*\n {2}→ ssh does not know the host key/,
      ),
    });
  });

  it('a user without a key there', async () => {
    const other = await startServer({ env: { ...env(), DOCKER_HOST: sshd.dockerHost.replace(/\/\/\w+/, '//nobody') } });
    await expectUnreachable(other, /Permission denied/, /none of the keys/);
  });

  it('an option in place of a host', async () => {
    const { code, stderr } = await runProgram([], { ...env(), DOCKER_HOST: 'ssh://-oProxyCommand=touch%20x' });
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringMatching(/^DOCKER_HOST: expected /) });
  });
});
