import { linesOf, must, runOf, type Step } from '../stage.ts';

/** A command's output, apart by channel, with the exit code it really had. */
export const buffered: Step = {
  title: 'Run a command: both channels apart, the real exit code',
  async show({ engine, server, screen }) {
    const { name } = await engine.run();
    const args = { id: name, cmd: ['sh', '-c', 'id; echo "disk almost full" >&2; exit 3'] };
    screen.request('docker_exec', args);
    const reply = await server.call('docker_exec', args);
    const run = runOf(reply);
    for (const line of linesOf(run.stdout)) screen.output('stdout', line);
    for (const line of linesOf(run.stderr)) screen.output('stderr', line);
    for (const notice of run.notices) screen.note(`notice: ${notice}`);
    must(run.outcome === 'exited' && run.exitCode === 3 && !reply.isError, 'the command ends with exit code 3');
    must(
      run.stdout.startsWith('uid=65534') && run.stderr === 'disk almost full\n',
      'it runs as nobody, channels apart',
    );
    screen.holds(`exited with code ${run.exitCode} after ${run.durationMs} ms, as user ${run.user}`);
  },
};
