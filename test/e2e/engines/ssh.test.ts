import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { TestContainer } from '../../engine/containers.ts';
import { type Sshd, startSshd } from '../../engine/sshd.ts';
import { useEngine } from '../../engine/use.ts';
import { openServer, startServer, type TestServer } from '../client.ts';
import { runProgram } from '../program.ts';
import { countOf, untilSeen } from '../witness.ts';
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
/** Ready for the next run, in each of the threads. */
const SPARE = 2 * 2;

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
    await server.call('docker_ps');
    await expectHealthy(server, sshd.dockerHost);
  });

  it('takes stdin to its end', () => expectStdin(server, box));
  it('streams every byte', () => expectStream({ env: env() }, box));
  it('has logs', () => expectLogs(server, box));
  it('has commands killed', () => expectKill(server, box));

  it('carries twenty runs at once over a bounded number of connections, and leaves none behind', async () => {
    const before = { ...sshd.sessions(), clients: sshd.clients() };
    const busy = await openServer({ env: env() });
    const runs = Array.from({ length: 20 }, (_, n) => exec(busy, { id: box.id, cmd: ['echo', String(n)] }));
    const results = await Promise.all(runs);
    expect(results.map(({ stdout }) => stdout)).toEqual(results.map((_, n) => `${n}\n`));
    const during = sshd.sessions();
    expect(during.all - before.all).toBeLessThanOrEqual(20 + CONTROL + SPARE);
    expect(during.most - before.open).toBeLessThanOrEqual(PLACES + CONTROL + SPARE);
    expect(sshd.clients() - before.clients).toBeLessThanOrEqual(CONTROL + SPARE);
    // None was one login too many at a time, although every thread wanted some.
    expect(sshd.turnedAway()).toBe(0);
    await exec(busy, { id: box.id, cmd: ['true'] });
    // One run more: its stream alone needs a connection, all else goes over those that are kept.
    expect(sshd.sessions().all - during.all).toBeLessThanOrEqual(1 + SPARE);
    await busy.close();
    await untilSeen(
      async () => ({ open: sshd.sessions().open, clients: sshd.clients() }),
      ({ open, clients }) => open <= before.open && clients <= before.clients,
    );
  });
});

describe('a login that takes longer than health waits', () => {
  beforeAll(() => sshd.slowLogins(3));
  afterAll(() => sshd.slowLogins(0));

  it('is told of and goes on, and whoever comes when it is done is answered at once', async () => {
    const before = sshd.sessions().all;
    const slow = await startServer({ env: env() });
    const { structured } = await slow.call('health');
    expect(structured).toMatchObject({
      status: 'unhealthy',
      engine: { reachable: false, error: expect.stringMatching(/the ssh login is still under way after \d\.\d s/) },
    });
    await untilSeen(
      async () => sshd.sessions().all,
      (all) => all > before,
    );
    await expectHealthy(slow, sshd.dockerHost);
    // The one that health began to wait for, and one for what a first command asks at the same time.
    expect(sshd.sessions().all - before).toBeLessThanOrEqual(2);
  });

  it('leaves no ssh behind when the server goes meanwhile', async () => {
    const before = sshd.clients();
    const slow = await startServer({ env: env() });
    await untilSeen(
      async () => sshd.clients(),
      (clients) => clients > before,
    );
    await slow.close();
    await untilSeen(
      async () => sshd.clients(),
      (clients) => clients <= before,
    );
  });
});

describe('the other end of the connections', () => {
  const ends = async (): Promise<{ open: number; dockers: number }> => ({
    open: sshd.sessions().open,
    dockers: sshd.dockers(),
  });

  it('is gone with a run that is cancelled, and the rest of them with its server', async () => {
    const before = await ends();
    const leaver = await startServer({ env: env() });
    const leaving = new AbortController();
    const args = { id: box.id, cmd: ['sleep', '4712'] };
    const running = leaver.call('docker_exec', args, { signal: leaving.signal });
    await untilSeen(
      () => countOf(box, 'sleep 4712'),
      (count) => count === 1,
    );
    expect((await ends()).dockers).toBeGreaterThan(before.dockers);
    leaving.abort();
    await expect(running).rejects.toThrow();
    await leaver.close();
    await untilSeen(ends, ({ open, dockers }) => open <= before.open && dockers <= before.dockers);
  });

  it('is gone with a server that is killed', async () => {
    const before = await ends();
    const doomed = await startServer({ env: env() });
    await exec(doomed, { id: box.id, cmd: ['true'] });
    expect((await ends()).dockers).toBeGreaterThan(before.dockers);
    process.kill(doomed.pid, 'SIGKILL');
    await untilSeen(ends, ({ open, dockers }) => open <= before.open && dockers <= before.dockers);
  });
});

describe('what ssh refuses is told', () => {
  it('an engine that is not at the socket', async () => {
    const other = await startServer({ env: { ...env(), DOCKER_HOST: `${sshd.dockerHost}/none.sock` } });
    await expectUnreachable(other, /dial unix \/none.sock: connect: no such file/, /no engine listens at that socket/);
  });

  it('a port where nobody listens', async () => {
    const other = await startServer({ env: { ...env(), DOCKER_HOST: 'ssh://127.0.0.1:1' } });
    await expectUnreachable(other, /Connection refused/, /check host, port and that sshd runs/);
  });

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
