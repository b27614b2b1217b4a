import { expect, it } from 'vitest';
import { readLog } from '../e2e/log-reading.ts';
import { peakMemory } from '../e2e/process-facts.ts';
import { startRaw } from '../e2e/raw-client.ts';
import { useEngine } from '../engine/use.ts';
import { LargeOutput } from './output.ts';
import { MOST_MEMORY, scale, tell } from './scale.ts';
import { StreamHash } from './stream-hash.ts';

const engine = useEngine();
const output = new LargeOutput(scale.logBytes);

const patience = { timeout: scale.patienceMs };

/** `behind`: the container ends while the follow still reads what was there before, where Docker 20.10 ends it early. */
it.each([
  ['while it is written', { behind: false }],
  ['behind its container', { behind: true }],
])('a large log is followed %s, and to its end, to the last byte', patience, async (_when, { behind }) => {
  const until = (file: string): string => `until [ -e ${file} ]; do usleep 10000; done`;
  const box = await engine.run({ cmd: ['sh', '-c', `${until('/tmp/go')}; ${output.script}`] });
  await output.install(box);
  const hash = new StreamHash();
  const client = await startRaw({
    env: { DOCKER_HOST: engine.dockerHost },
    onProgress: (progress) => hash.take(progress),
  });
  const go = () => box.exec(['sh', '-c', `touch /tmp/go; ${until(behind ? output.nearlyWritten : '/tmp/go')}`]);

  if (behind) await go();
  const id = client.begin('docker_logs', { id: box.name, follow: true }, { token: 'log' });
  if (!behind) await go();
  const result = readLog(await client.result(id));

  const peak = peakMemory(client.pid);
  tell('followed log', { behind, bytes: hash.bytes, lines: result.lines, ms: result.durationMs, peak });
  const stdout = output.of('stdout');
  const stderr = output.of('stderr');
  expect(result).toMatchObject({ outcome: 'ended', stdoutBytes: stdout.bytes, stderrBytes: stderr.bytes });
  expect(result.lines).toBe(output.lines);
  expect(hash.of('stdout')).toEqual(stdout);
  expect(hash.of('stderr')).toEqual(stderr);
  expect(peak).toBeLessThan(MOST_MEMORY);
});
