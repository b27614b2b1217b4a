import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import type { Figures } from './question.ts';

const REPOSITORY = fileURLToPath(new URL('../', import.meta.url));
const figures = z.record(z.string(), z.number());

/**
 * Runs a script in a process of its own, so that no trial inherits another's compiled code or garbage, and waits for its
 * end. Its argument is `input` as JSON, its one message its figures. @throws Error if it ends without them.
 */
export async function runTrial(script: string, input: unknown): Promise<Figures> {
  const child = fork(script, [JSON.stringify(input)], { cwd: REPOSITORY, execArgv: ['--import', 'tsx'] });
  const told = new Promise<unknown>((resolve, reject) => {
    child.once('message', resolve);
    child.once('disconnect', () => reject(new Error(`No figures came from ${script} for ${JSON.stringify(input)}`)));
  });
  const [message] = await Promise.all([told, once(child, 'exit')]);
  return figures.parse(message);
}
