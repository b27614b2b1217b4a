import { expect } from 'vitest';
import { z } from 'zod';
import { dockerText } from '../engine/cli.ts';
import type { TestContainer } from '../engine/containers.ts';
import type { UsedEngine } from '../engine/use.ts';
import type { Reply } from './client.ts';

/** A docker_logs result as the contract states it; an unknown or a missing field fails. */
const logsResult = z.strictObject({
  traceId: z.string().regex(/^[0-9a-f]{32}$/),
  containerId: z.string().regex(/^[0-9a-f]{64}$/),
  container: z.string(),
  outcome: z.enum(['ended', 'limit', 'lost', 'cancelled', 'dry_run']),
  stdout: z.string(),
  stderr: z.string(),
  stdoutBytes: z.int(),
  stderrBytes: z.int(),
  truncated: z.boolean(),
  durationMs: z.int(),
  lines: z.int(),
  /** Longer where the channels go on from different points in time. */
  nextSince: z.string().regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}(?:[12]\d{10})?Z$/),
  notices: z.array(z.string()),
});

export type LogsResult = z.output<typeof logsResult>;

export function readLog(reply: Pick<Reply, 'structured'>): LogsResult {
  return logsResult.parse(reply.structured);
}

/** Runs a shell script as a container's main process and returns when it has ended. */
export async function finished(
  engine: Pick<UsedEngine, 'run' | 'docker'>,
  script: string,
  flags: readonly string[] = [],
): Promise<TestContainer> {
  const container = await engine.run({ cmd: ['sh', '-c', script], flags });
  await dockerText(engine.docker, ['wait', container.id]);
  return container;
}

/** A container that says what it is told, line by line. */
export async function talker(
  engine: Pick<UsedEngine, 'run'>,
): Promise<{ container: TestContainer; say(line: string): Promise<void> }> {
  const container = await engine.run({ cmd: ['sh', '-c', 'mkfifo /tmp/in; while :; do cat /tmp/in; done'] });
  const say = async (line: string): Promise<void> => {
    const script = 'while [ ! -p /tmp/in ]; do usleep 5000; done; echo "$0" > /tmp/in';
    expect((await container.exec(['sh', '-c', script, line])).code).toBe(0);
  };
  return { container, say };
}

/** `1\n2\n…\nlast\n` from `first`. */
export function numbers(first: number, last: number): string {
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => `${first + index}\n`).join('');
}
