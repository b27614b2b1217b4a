import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { SshEndpoint } from '../../../../src/engine/endpoint.ts';
import { SshConnections } from '../../../../src/engine/ssh/connections.ts';
import { LoginPlaces } from '../../../../src/engine/ssh/login-places.ts';
import type { SshProcess } from '../../../../src/engine/ssh/process.ts';
import { type FakeSsh, fakeSsh } from './fake-ssh.ts';

const ENDPOINT: SshEndpoint = { kind: 'ssh', host: 'far', description: 'ssh://far', source: 'DOCKER_HOST' };
const FOR_EVER = new AbortController().signal;

let ssh: FakeSsh;
let connections: SshConnections;
let taken: SshProcess[];

beforeEach(() => {
  ssh = fakeSsh();
  connections = new SshConnections(ENDPOINT, new LoginPlaces());
  taken = [];
});

afterEach(async () => {
  const started = ssh.started();
  connections.close();
  for (const one of taken) one.ssh.kill();
  await vi.waitFor(() => expect(started.filter(lives)).toEqual([]));
  ssh.remove();
});

function lives(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

async function take(turn?: 'first'): Promise<SshProcess> {
  const one = await connections.take(FOR_EVER, turn);
  taken.push(one);
  return one;
}

/** Asks for a connection, and goes before there is one. */
async function giveUp(): Promise<void> {
  const before = ssh.started().length;
  const leaving = new AbortController();
  const asked = connections.take(leaving.signal);
  asked.catch(() => undefined);
  await vi.waitFor(() => expect(ssh.started().length).toBeGreaterThanOrEqual(Math.max(1, before)));
  leaving.abort(new Error('gone'));
  await expect(asked).rejects.toThrow('gone');
}

describe('connections through ssh', () => {
  it('keep a login whose caller went, for whoever comes next', async () => {
    await giveUp();
    await giveUp();
    const [login] = ssh.started();
    const next = take();
    ssh.open();
    expect((await next).ssh.pid).toBe(login);
    expect(ssh.started()).toHaveLength(1);
  });

  it('say that a login is under way as long as somebody waits for it', async () => {
    expect(connections.underWay()).toBeUndefined();
    const next = take();
    expect(connections.underWay()?.message).toMatch(/^the ssh login is still under way after \d\.\d s$/);
    ssh.open();
    await next;
    expect(connections.underWay()).toBeUndefined();
  });

  it('tell of a failure that nobody waited for', async () => {
    await giveUp();
    ssh.open('root@far: Permission denied (publickey).\n');
    await vi.waitFor(() => expect(ssh.started().filter(lives)).toEqual([]));
    await vi.waitFor(() => {
      const leaving = new AbortController();
      connections.take(leaving.signal).catch(() => undefined);
      const told = connections.underWay();
      leaving.abort();
      expect(told).toMatchObject({
        message: expect.stringMatching(/the one before came to nothing \(ssh: root@far: Permission denied/),
        hint: expect.stringMatching(/none of the keys/),
      });
    });
  });

  it('tell who waits why a login failed', async () => {
    const next = take();
    ssh.open('ssh: Could not resolve hostname far: Name or service not known\n');
    await expect(next).rejects.toMatchObject({ code: 'ERR_SSH', hint: expect.stringMatching(/not known/) });
  });

  it('stand ready ahead, at most two, and one at first', async () => {
    connections.prepare(9);
    connections.prepare(2);
    await vi.waitFor(() => expect(ssh.started()).toHaveLength(1));
    ssh.open();
    await vi.waitFor(() => expect(ssh.started()).toHaveLength(2));
    const both = await Promise.all([take(), take()]);
    expect(new Set(both.map((one) => one.ssh.pid))).toEqual(new Set(ssh.started()));
  });

  it('go first to who shares them', async () => {
    const order: string[] = [];
    const run = take().then(() => order.push('one run'));
    const calls = take('first').then(() => order.push('all calls'));
    ssh.open();
    await Promise.all([run, calls]);
    expect(order).toEqual(['all calls', 'one run']);
  });

  it('come back when nothing was sent on them', async () => {
    ssh.open();
    const one = await take();
    connections.giveBack(one);
    expect(await take()).toBe(one);
  });
});
