import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TestContainer } from '../../engine/containers.ts';
import { type PodmanEngine, startPodman } from '../../engine/podman.ts';
import { openServer, type TestServer } from '../client.ts';
import { runProgram } from '../program.ts';
import { failure } from '../results.ts';
import {
  exec,
  expectHealthy,
  expectKill,
  expectListed,
  expectLogs,
  expectStdin,
  expectStream,
  logged,
} from './road.ts';

describe.each([undefined, 'testing'] as const)('Podman (release: %s)', (release) => {
  let engine: PodmanEngine;
  let server: TestServer;
  let box: TestContainer;

  function env() {
    return { DOCKER_HOST: engine.dockerHost, MCP_DOCKER_KILL_GRACE_MS: '200' };
  }

  beforeAll(async () => {
    engine = await startPodman(release);
    box = await logged(engine.run);
    server = await openServer({ env: env() });
  });

  afterAll(async () => {
    await server.close();
    await engine.stop();
  });

  describe('as the engine', () => {
    it('is healthy', () => expectHealthy(server, engine.dockerHost));
    it('takes stdin to its end', () => expectStdin(server, box));
    it('streams every byte', () => expectStream({ env: env() }, box));
    it('has logs', () => expectLogs(server, box));
    it('has commands killed', () => expectKill(server, box));

    it('lists and inspects its containers', () => expectListed(server, box));

    it('satisfies doctor, down to a command that runs', async () => {
      const { code, stdout } = await runProgram(['doctor', '--container', box.name], env());
      expect({ code, stdout }).toEqual({
        code: 0,
        stdout: expect.stringMatching(/✓ engine version: \d+\.\d+\.\d+, API 1\.4\d.*✓ round trip: a command ran/s),
      });
    });
  });

  // Podman forgets a process's pid when it ends, so that an exit code of 126 or 127 alone does not tell a failed start.
  describe('an exit code', () => {
    it.each([0, 1, 125, 126, 127, 255])('%s is real where the command ended with it', async (exitCode) => {
      const cmd = ['sh', '-c', `echo said >&2; exit ${exitCode}`];
      expect(await exec(server, { id: box.id, cmd })).toMatchObject({ outcome: 'exited', exitCode, stderr: 'said\n' });
    });

    it('is real although Podman says 0 while the command runs', async () => {
      const cmd = ['sh', '-c', 'exec >&- 2>&-; sleep 0.5; exit 9'];
      expect(await exec(server, { id: box.id, cmd })).toMatchObject({ outcome: 'exited', exitCode: 9 });
    });

    it('is a signal where one ended the command', async () => {
      expect(await exec(server, { id: box.id, cmd: ['sh', '-c', 'kill -KILL $$'] })).toMatchObject({ exitCode: 137 });
    });
  });

  describe('a start that fails', () => {
    it.each([
      ['COMMAND_NOT_FOUND', { cmd: ['no-such-program'] }, /executable file not found/],
      ['COMMAND_NOT_FOUND', { cmd: ['/etc/passwd'] }, /permission denied/],
      ['START_FAILED', { cmd: ['true'], workdir: '/no-such-folder' }, /chdir/],
    ])('is %s: %j', async (code, args, message) => {
      for (const tty of [false, true]) {
        const reply = await server.call('docker_exec', { id: box.id, tty, ...args });
        const { error } = failure.parse(reply.structured);
        expect(error).toMatchObject({ code, message: expect.stringMatching(message) });
        expect(error.message).not.toContain('unixpacket');
      }
    });

    it('is not taken for one that a command tells of', async () => {
      const text = 'Error: runc: no: OCI permission denied';
      const cmd = ['sh', '-c', `echo '${text}' >&2; sleep 1; exit 126`];
      expect(await exec(server, { id: box.id, cmd })).toMatchObject({ exitCode: 126, stderr: `${text}\n` });
    });
  });
});
