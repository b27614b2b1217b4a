import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { dirname } from 'node:path';
import { afterEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { dockerText } from '../engine/cli.ts';
import { containers } from '../engine/containers.ts';
import { type Engine, startEngine } from '../engine/engine.ts';
import { ensureClientPrograms } from '../engine/prerequisites.ts';
import { shimSockets } from '../engine/remains.ts';
import { traces } from '../engine/traces.ts';
import { useEngine } from '../engine/use.ts';

afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

describe('the shared engine', () => {
  const engine = useEngine();

  it('runs containers under ids and names that no other test has', async () => {
    const [first, second] = await Promise.all([engine.run(), engine.run()]);
    expect(first.id).toMatch(/^[0-9a-f]{64}$/);
    expect(second.name).not.toBe(first.name);
    expect(await running(engine)).toEqual(expect.arrayContaining([first.id, second.id]));
  });

  it('hands input and output of the client through byte by byte', async () => {
    const bytes = Buffer.from(Array.from({ length: 70_000 }, (_, i) => (i * 7) % 256));
    const container = await engine.run();
    const result = await container.exec(['cat'], { flags: ['--interactive'], input: bytes });
    expect(result).toEqual({ code: 0, stdout: bytes, stderr: Buffer.alloc(0) });
    expect((await container.exec(['sh', '-c', 'echo no >&2; exit 3'])).code).toBe(3);
  });

  it('has users of every kind, and places they may write to', async () => {
    const container = await engine.run({ image: 'root' });
    const shell = async (script: string) => (await container.exec(['sh', '-c', script])).stdout.toString();
    expect(await shell('id app; id svc; id nobody')).toBe(
      'uid=1000(app) gid=1000(app) groups=1000(app),2000(extra)\n' +
        'uid=1001(svc) gid=0(root) groups=0(root)\n' +
        'uid=65534(nobody) gid=65534(nobody) groups=65534(nobody)\n',
    );
    expect(await shell('stat -c "%a %u" /tmp /home/app; which env timeout xargs')).toBe(
      '1777 0\n755 1000\n/usr/bin/env\n/usr/bin/timeout\n/usr/bin/xargs\n',
    );
  });

  it('offers an image whose user is not root', async () => {
    const container = await engine.run({ image: 'app' });
    expect((await container.exec(['id', '-u'])).stdout.toString()).toBe('1000\n');
  });

  it('offers an image with one program and no shell', async () => {
    const container = await engine.run({ image: 'scratch' });
    expect((await container.exec(['/sleep', '0'])).code).toBe(0);
    expect((await container.exec(['sh', '-c', 'true'])).code).not.toBe(0);
  });

  it('stops its containers without waiting for the KILL after 10 s', async () => {
    const container = await engine.run();
    const start = performance.now();
    await dockerText(engine.docker, ['stop', container.id]);
    expect(performance.now() - start).toBeLessThan(5_000);
  });

  it('removes what one user left over and nothing else', async () => {
    const [mine, other] = [containers(engine.docker, engine.images), containers(engine.docker, engine.images)];
    const [leftOver, kept] = [await mine.run(), await other.run()];
    await mine.removeAll();
    const ids = await running(engine);
    expect(ids).not.toContain(leftOver.id);
    expect(ids).toContain(kept.id);
    await other.removeAll();
  });

  it('can stand in for the engine of the machine, where only what is ours is removed', async () => {
    vi.stubEnv('MCP_TEST_USE_HOST_ENGINE', '1');
    vi.stubEnv('DOCKER_HOST', engine.dockerHost);
    const foreign = await engine.run();
    const host = await startEngine();
    const container = await host.run();
    await expect(host.kill('SIGKILL')).rejects.toThrow('not ours to stop');
    await host.stop();
    const left = (ids: readonly string[]) => engine.docker(['inspect', '--format', '{{.Id}}', ...ids]);
    expect(host.kind).toBe('host');
    expect(String((await left([container.id, ...Object.values(host.images)])).stdout)).toBe('\n');
    expect((await left([foreign.id, ...Object.values(engine.images)])).code).toBe(0);
  });
});

it('says in one sentence what to install where it may not install it', () => {
  vi.stubEnv('PATH', '');
  vi.spyOn(process, 'getuid').mockReturnValue(1000);
  expect(ensureClientPrograms).toThrow(
    'The tests need docker, busybox (static): install Docker and a static busybox, or start an engine and set MCP_TEST_USE_HOST_ENGINE=1.',
  );
});

describe.runIf(process.env['MCP_TEST_USE_HOST_ENGINE'] !== '1')('a private engine', () => {
  it('leaves nothing behind, three times in a row', { timeout: 90_000 }, async () => {
    for (let round = 0; round < 3; round += 1) {
      const engine = await startEngine();
      await engine.run();
      const paused = await engine.run({ flags: ['--volume', '/data'] });
      await dockerText(engine.docker, ['pause', paused.id]);
      await expectNoTraceAfter(engine, () => engine.stop());
    }
  });

  it.each(['SIGKILL', 'SIGSTOP'] as const)('leaves nothing behind after %s', { timeout: 60_000 }, async (signal) => {
    const engine = await startEngine();
    await engine.run();
    const paused = await engine.run();
    await dockerText(engine.docker, ['pause', paused.id]);
    await engine.kill(signal);
    await expectNoTraceAfter(engine, () => engine.stop());
  });

  it('leaves nothing behind when the process that started it is killed', { timeout: 60_000 }, async () => {
    const module = JSON.stringify(new URL('../engine/engine.ts', import.meta.url).href);
    const script = `const { startEngine } = await import(${module});
      const engine = await startEngine(); await engine.run(); console.log(engine.dockerHost);`;
    const owner = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '--eval', script]);
    // Nobody else would, where something here fails before.
    onTestFinished(() => void owner.kill('SIGKILL'));
    const [dockerHost] = await once(owner.stdout, 'data');
    await expectNoTraceAfter({ dockerHost: String(dockerHost).trim() }, async () => {
      owner.kill('SIGKILL');
    });
  });

  it('does not meet another one', { timeout: 60_000 }, async () => {
    const [first, second] = await Promise.all([startEngine(), startEngine()]);
    try {
      const [here, there] = await Promise.all([first.run(), second.run()]);
      expect([await running(first), await running(second)]).toEqual([[here.id], [there.id]]);
      await first.stop();
      expect((await there.exec(['true'])).code).toBe(0);
    } finally {
      await Promise.all([first.stop(), second.stop()]);
    }
  });

  it('comes back on the same socket with its images after it was killed', { timeout: 60_000 }, async () => {
    const engine = await startEngine();
    try {
      await engine.kill('SIGKILL');
      expect((await engine.docker(['version'])).code).not.toBe(0);
      await engine.restart();
      const container = await engine.run();
      expect(await running(engine)).toEqual([container.id]);
    } finally {
      await engine.stop();
    }
  });

  it('gives no answer while it is stopped, and answers when it goes on', { timeout: 60_000 }, async () => {
    const engine = await startEngine();
    try {
      await engine.kill('SIGSTOP');
      expect((await engine.docker(['ps'], { timeoutMs: 1_500 })).code).toBe(-1);
      await engine.kill('SIGCONT');
      expect((await engine.docker(['ps'])).code).toBe(0);
    } finally {
      await engine.stop();
    }
  });
});

async function running(engine: Pick<Engine, 'docker'>): Promise<string[]> {
  return (await dockerText(engine.docker, ['ps', '--quiet', '--no-trunc'])).split('\n');
}

async function expectNoTraceAfter(engine: Pick<Engine, 'dockerHost'>, end: () => Promise<void>): Promise<void> {
  const folder = dirname(engine.dockerHost.replace('unix://', ''));
  const sockets = shimSockets(folder);
  expect(sockets.length).toBeGreaterThan(0);
  expect(traces(folder, sockets)).toMatchObject({ folder: [folder], sockets });
  await end();
  const nothing = { folder: [], processes: [], mounts: [], cgroups: [], sockets: [] };
  await vi.waitFor(() => expect(traces(folder, sockets)).toEqual(nothing), { timeout: 30_000, interval: 100 });
}
