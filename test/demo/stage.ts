import { z } from 'zod';
import type { Engine } from '../engine/engine.ts';
import type { Screen } from './screen.ts';
import type { DemoServer, Reply } from './server.ts';

/** What every step of the demo works with. */
export interface Stage {
  readonly engine: Engine;
  readonly server: DemoServer;
  readonly screen: Screen;
}

/** One thing the server does, shown live. Throws where it did not behave as it is shown to. */
export interface Step {
  readonly title: string;
  show(stage: Stage): Promise<void>;
}

/** Throws with the sentence unless the condition holds. */
export function must(condition: boolean, sentence: string): asserts condition {
  if (!condition) throw new Error(`It should have been so, and was not: ${sentence}`);
}

const runShape = z.object({
  outcome: z.string(),
  exitCode: z.int().nullable().optional(),
  termination: z.string().optional(),
  user: z.string().optional(),
  stdout: z.string(),
  stderr: z.string(),
  stdoutBytes: z.int(),
  stderrBytes: z.int(),
  truncated: z.boolean(),
  durationMs: z.int(),
  lines: z.int().optional(),
  nextSince: z.string().optional(),
  notices: z.array(z.string()),
});

/** The result of docker_exec or docker_logs. */
export function runOf(reply: Reply): z.output<typeof runShape> {
  return runShape.parse(reply.structured);
}

const errorShape = z.object({
  error: z.object({ code: z.string(), message: z.string(), hint: z.string().optional() }),
});

/** The error of a call that was refused. */
export function errorOf(reply: Reply): z.output<typeof errorShape>['error'] {
  return errorShape.parse(reply.structured).error;
}

/** The lines of a text, without an empty one behind the last newline. */
export function linesOf(text: string): string[] {
  return text === '' ? [] : text.replace(/\n$/, '').split('\n');
}
