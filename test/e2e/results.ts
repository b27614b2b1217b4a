import { expect } from 'vitest';
import { z } from 'zod';

const traceId = z.string().regex(/^[0-9a-f]{32}$/);

/** A docker_exec result as the contract states it; an unknown or a missing field fails. */
export const execResult = z.strictObject({
  execId: z.string().regex(/^ex_[A-Za-z0-9_-]{12}$/),
  traceId,
  containerId: z.string().regex(/^[0-9a-f]{64}$/),
  container: z.string(),
  user: z.string(),
  outcome: z.enum(['exited', 'timeout', 'cancelled', 'lost', 'dry_run']),
  exitCode: z.int().nullable(),
  termination: z.enum(['none', 'killed', 'escaped', 'unknown']),
  stdout: z.string(),
  stderr: z.string(),
  stdoutBytes: z.int(),
  stderrBytes: z.int(),
  truncated: z.boolean(),
  durationMs: z.int(),
  notices: z.array(z.string()),
});

export type ExecResult = z.output<typeof execResult>;

/** What a failure carries. */
export const failure = z.strictObject({
  error: z.strictObject({
    code: z.string(),
    message: z.string(),
    hint: z.string().optional(),
    retryable: z.boolean(),
    retryAfterMs: z.number().optional(),
    traceId,
  }),
});

const FAILED: readonly ExecResult['outcome'][] = ['timeout', 'cancelled', 'lost'];

/** The fields of a docker_exec reply, which must be marked as its outcome says. */
export function execReply(reply: { readonly isError: boolean; readonly structured: unknown }): ExecResult {
  // Says which error it was, where a run was expected.
  expect(reply.structured).not.toHaveProperty('error');
  const result = execResult.parse(reply.structured);
  expect(reply.isError).toBe(FAILED.includes(result.outcome));
  return result;
}
