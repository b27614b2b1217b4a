import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { socketHint } from '../../../src/engine/socket-hint.ts';

let runtime: string;
const servers: net.Server[] = [];

async function listen(path: string): Promise<string> {
  const server = net.createServer().listen(path);
  servers.push(server);
  await once(server, 'listening');
  return path;
}

beforeEach(() => {
  runtime = mkdtempSync(join(tmpdir(), 'runtime-'));
  mkdirSync(join(runtime, 'podman'));
});

afterEach(() => {
  for (const server of servers.splice(0)) server.close();
  rmSync(runtime, { recursive: true });
});

describe('what is said of a socket that does not work', () => {
  it.each(['ENOENT', 'ECONNREFUSED', 'EACCES'])('%s: where a rootless Docker is', async (code) => {
    const path = await listen(join(runtime, 'docker.sock'));
    const hint = socketHint('/var/run/docker.sock', code, runtime);
    expect(hint).toContain(
      `set DOCKER_HOST=unix://${path}, or choose its context with \`docker context use rootless\`.`,
    );
  });

  it('where a rootless Podman is, which has no such context', async () => {
    const path = await listen(join(runtime, 'podman', 'podman.sock'));
    expect(socketHint('/var/run/docker.sock', 'ENOENT', runtime)).toMatch(new RegExp(`DOCKER_HOST=unix://${path}\\.$`));
  });

  it('nothing where there is none, or something that is no socket', () => {
    writeFileSync(join(runtime, 'docker.sock'), '');
    expect(socketHint('/var/run/docker.sock', 'ENOENT', runtime)).toBeUndefined();
    expect(socketHint('/var/run/docker.sock', 'EACCES', join(runtime, 'none'))).toBeUndefined();
  });

  it('never that the socket itself is to be used instead', async () => {
    const path = await listen(join(runtime, 'docker.sock'));
    expect(socketHint(path, 'ECONNREFUSED', runtime)).toBeUndefined();
  });

  it.each(['/run/user/4711/docker.sock', '/var/run/user/4711/podman/podman.sock'])('%s: whose it is', (path) => {
    expect(socketHint(path, 'EACCES', runtime)).toContain('the rootless engine of the user 4711');
    expect(socketHint(path, 'ENOENT', runtime)).toContain('systemctl --user start');
  });
});
