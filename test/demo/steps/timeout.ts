import { setTimeout as pause } from 'node:timers/promises';
import type { TestContainer } from '../../engine/containers.ts';
import { linesOf, must, runOf, type Step } from '../stage.ts';

/** A child, one in a session of its own, and one whose parent is gone. */
const FAMILY = 'sleep 601 & setsid sleep 602 & (setsid sleep 603 &); echo started; sleep 604';
const TIMEOUT_MS = 1_500;

/** A command that takes too long is really stopped, with all it started. */
export const timeout: Step = {
  title: 'A timeout that kills: the command and everything it started',
  async show({ engine, server, screen }) {
    const container = await engine.run();
    const args = { id: container.name, cmd: ['sh', '-c', FAMILY], timeoutMs: TIMEOUT_MS };
    screen.request('docker_exec', args);
    const call = server.call('docker_exec', args);
    await pause(TIMEOUT_MS / 2);
    const before = await sleepers(container);
    screen.note('ps in the container, half-way:');
    for (const line of before) screen.output('stdout', line);
    const reply = await call;
    const run = runOf(reply);
    const after = await sleepers(container);
    screen.note(
      `ps in the container, after the result: ${after.length === 0 ? 'nothing of it left' : after.join(', ')}`,
    );
    must(before.length === 4, 'all four processes are seen while the command runs');
    must(run.outcome === 'timeout' && reply.isError, 'the run ends with outcome timeout');
    must(run.termination === 'killed' && after.length === 0, 'nothing the command started is left');
    must(run.stdout === 'started\n', 'what it printed until then is in the result');
    screen.holds(`outcome timeout after ${run.durationMs} ms, termination ${run.termination}, partial output kept`);
  },
};

/** The family's processes as the engine's own client sees them. */
async function sleepers(container: TestContainer): Promise<string[]> {
  const { stdout } = await container.exec(['ps', '-o', 'pid,ppid,user,args']);
  return linesOf(stdout.toString()).filter((line) => /\bsleep 60[1-4]$/.test(line));
}
