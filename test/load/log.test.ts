import { expect, it } from 'vitest';
import { readLog } from '../e2e/log-reading.ts';
import { peakMemory } from '../e2e/process-facts.ts';
import { startRaw } from '../e2e/raw-client.ts';
import { untilSeen } from '../e2e/witness.ts';
import { useEngine } from '../engine/use.ts';
import { LargeOutput } from './output.ts';
import { MOST_MEMORY, scale, tell } from './scale.ts';
import { StreamHash } from './stream-hash.ts';

const engine = useEngine();
const FIRST = 'first\n';

const patience = { timeout: scale.patienceMs };

it('a large log is followed while it is written, and to its end, to the last byte', patience, async () => {
  const output = new LargeOutput(scale.logBytes);
  const script = `echo first; until [ -e /tmp/go ]; do usleep 10000; done; ${output.script}`;
  const box = await engine.run({ cmd: ['sh', '-c', script] });
  await output.install(box);
  const hash = new StreamHash();
  const client = await startRaw({
    env: { DOCKER_HOST: engine.dockerHost },
    onProgress: (progress) => hash.take(progress),
  });

  const id = client.begin('docker_logs', { id: box.name, follow: true }, { token: 'log' });
  // A follow of Docker 20.10 that is still at what was there before when the container ends skips the rest.
  await untilSeen(
    async () => hash.bytes,
    (bytes) => bytes === FIRST.length,
  );
  await box.exec(['touch', '/tmp/go']);
  const result = readLog(await client.result(id));

  const peak = peakMemory(client.pid);
  tell('followed log', { bytes: hash.bytes, lines: result.lines, ms: result.durationMs, peak });
  const stdout = output.of('stdout', FIRST);
  const stderr = output.of('stderr');
  expect(result).toMatchObject({ outcome: 'ended', stdoutBytes: stdout.bytes, stderrBytes: stderr.bytes });
  expect(result.lines).toBe(1 + output.lines);
  expect(hash.of('stdout')).toEqual(stdout);
  expect(hash.of('stderr')).toEqual(stderr);
  expect(peak).toBeLessThan(MOST_MEMORY);
});
