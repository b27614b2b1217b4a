import { beforeAll, describe, expect, it } from 'vitest';
import type { TestContainer } from '../engine/containers.ts';
import { useEngine } from '../engine/use.ts';
import { type AuditFile, type AuditRecord, auditFile } from './audit-file.ts';
import { type RawClient, startRaw } from './raw-client.ts';
import { failure } from './results.ts';
import { countOf, untilSeen } from './witness.ts';

/** The contract's bound. */
const WITHIN_MS = 5_000;
const engine = useEngine();
let box: TestContainer;
let marks = 0;

beforeAll(async () => {
  box = await engine.run();
});

function mark(): string {
  marks += 1;
  return String(80_000 + marks);
}

const start = (env: Readonly<Record<string, string>>): Promise<RawClient> =>
  startRaw({ env: { DOCKER_HOST: engine.dockerHost, MCP_DOCKER_KILL_GRACE_MS: '300', ...env } });

async function beginSleep(client: RawClient, script: (sleep: string) => string): Promise<() => Promise<number>> {
  const sleep = `sleep ${mark()}`;
  const count = () => countOf(box, sleep);
  client.begin('docker_exec', { id: box.name, cmd: ['sh', '-c', script(sleep)], user: '1000' });
  await untilSeen(count, (seen) => seen === 2);
  return count;
}

const CANCELLED = { event: 'finished', outcome: 'cancelled', termination: 'killed' } as const;

/** The ends that an audit tells, each of a run that it told had started. */
async function endsIn(audit: AuditFile): Promise<AuditRecord[]> {
  const records = await audit.verified();
  const ends = records.filter(({ event }) => event !== 'started');
  const started = records.filter(({ event }) => event === 'started');
  expect(started.map(({ traceId }) => traceId).sort()).toEqual(ends.map(({ traceId }) => traceId).sort());
  return ends;
}

/** Resolves when `count` processes of this name are there and use no more of the processor: they wait in a write. */
async function untilBlocked(name: string, count: number): Promise<void> {
  const times = async (): Promise<string[]> => {
    const { stdout } = await box.exec(['sh', '-c', `grep -h '(${name}) S' /proc/[0-9]*/stat | cut -d ' ' -f 1,14,15`]);
    return stdout.toString().trim().split('\n');
  };
  let last = '';
  let same = 0;
  await untilSeen(times, (seen) => {
    same = seen.length === count && seen.join() === last ? same + 1 : 0;
    last = seen.join();
    return same === 5;
  });
}

const ENDS: readonly [name: string, end: (client: RawClient) => void][] = [
  ['the end of stdin', (client) => client.endInput()],
  ['SIGTERM', (client) => client.signal('SIGTERM')],
  ['SIGINT', (client) => client.signal('SIGINT')],
  ['a dead stdout', (client) => client.closeOutput()],
];

describe.each(ENDS)('%s', (name, end) => {
  it('kills what runs, completes the audit and ends the server within 5 s', async () => {
    const audit = auditFile();
    const client = await start(audit.env);
    const count = await beginSleep(client, (sleep) => `trap '' TERM; ${sleep} & setsid ${sleep} & wait`);
    const begun = performance.now();
    end(client);
    // A dead stdout shows with the next thing written to it.
    if (name === 'a dead stdout') client.send({ id: 'ping', method: 'ping' });
    expect(await client.exit).toEqual({ code: 0, signal: null });
    expect(performance.now() - begun).toBeLessThan(WITHIN_MS);
    expect(await count()).toBe(0);
    const [started, finished, ...more] = await audit.verified();
    expect(more).toEqual([]);
    expect(started).toMatchObject({ event: 'started', tool: 'docker_exec' });
    expect(finished).toMatchObject({ event: 'finished', outcome: 'cancelled', termination: 'killed' });
    expect(finished?.traceId).toBe(started?.traceId);
    expect(client.unfinishedBytes).toBe(0);
  });

  it('ends an idle server at once', async () => {
    const client = await start({});
    end(client);
    if (name === 'a dead stdout') client.send({ id: 'ping', method: 'ping' });
    expect(await client.exit).toEqual({ code: 0, signal: null });
  });
});

describe('while shutting down', () => {
  it('new calls get SHUTTING_DOWN and run nothing', async () => {
    const audit = auditFile();
    const client = await start({ ...audit.env, MCP_DOCKER_KILL_GRACE_MS: '1500' });
    await beginSleep(client, (sleep) => `trap '' TERM; ${sleep} & ${sleep} & wait`);
    client.signal('SIGTERM');
    await untilSeen(
      async () => client.stderrLines.some((line) => line.includes('Shutting down')),
      (begun) => begun,
    );
    const late = await client.call('docker_exec', { id: box.name, cmd: ['touch', '/tmp/late'], user: '1000' });
    expect(late.isError).toBe(true);
    expect(failure.parse(late.structured).error.code).toBe('SHUTTING_DOWN');
    await client.exit;
    expect((await box.exec(['ls', '/tmp/late'])).code).not.toBe(0);
    const { traceId } = failure.parse(late.structured).error;
    const records = await audit.verified();
    expect(records.filter((record) => record.traceId === traceId)).toMatchObject([{ event: 'denied' }]);
  });

  it('a second signal ends it at once', async () => {
    const client = await start({ MCP_DOCKER_KILL_GRACE_MS: '4000' });
    await beginSleep(client, (sleep) => `trap '' TERM; ${sleep} & ${sleep} & wait`);
    client.signal('SIGTERM');
    await untilSeen(
      async () => client.stderrLines.some((line) => line.includes('Shutting down')),
      (begun) => begun,
    );
    const second = performance.now();
    client.signal('SIGTERM');
    expect((await client.exit).code).toBe(1);
    expect(performance.now() - second).toBeLessThan(1000);
  });

  it('a grace that is longer than 5 s does not keep it', async () => {
    const audit = auditFile();
    const client = await start({ ...audit.env, MCP_DOCKER_KILL_GRACE_MS: '10000' });
    const script = (sleep: string): string => `trap '' TERM; (trap '' TERM; ${sleep}) & ${sleep} & wait`;
    const counts = [await beginSleep(client, script), await beginSleep(client, script)];
    const begun = performance.now();
    client.endInput();
    expect(await client.exit).toEqual({ code: 0, signal: null });
    expect(performance.now() - begun).toBeLessThan(WITHIN_MS);
    expect(await Promise.all(counts.map((count) => count()))).toEqual([0, 0]);
    expect(await endsIn(audit)).toMatchObject(counts.map(() => CANCELLED));
  });

  it.each(ENDS.slice(0, 2))('a client that does not read does not keep it: %s', async (_name, end) => {
    const audit = auditFile();
    const client = await start(audit.env);
    const word = mark();
    const noisy = { id: box.name, cmd: ['yes', word], user: '1000', stream: true };
    const tokens = [1, 2, 3];
    for (const token of tokens) client.begin('docker_exec', noisy, { token });
    for (const token of tokens) await client.until(({ params }) => params?.progressToken === token);
    client.stopReading();
    await untilBlocked('yes', tokens.length);
    const begun = performance.now();
    end(client);
    expect(await client.gone).toEqual({ code: 0, signal: null });
    expect(performance.now() - begun).toBeLessThan(WITHIN_MS);
    expect(await countOf(box, `yes ${word}`)).toBe(0);
    expect(await endsIn(audit)).toMatchObject(tokens.map(() => CANCELLED));
  });
});
