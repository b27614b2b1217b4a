import { dockerText } from '../../engine/cli.ts';
import type { TestContainer } from '../../engine/containers.ts';
import type { UsedEngine } from '../../engine/use.ts';
import { execReply } from '../results.ts';
import { untilSeen } from '../witness.ts';
import { pidsWith, untilDead } from './host-witness.ts';
import { REASONS, type Reason, SHAPES, type Shape } from './shapes.ts';
import { type Boxes, endOf, openServer, type Server } from './stage.ts';

/** Long enough for any tree to have grown. */
const TIMEOUT_MS = 2_000;

/** What became of one run. */
export interface Ending {
  readonly box: TestContainer;
  readonly word: string;
  readonly outcome: unknown;
  readonly termination: unknown;
  /** Processes that the host still saw once the run's end was known. */
  readonly left: number;
  /** From the reason to the last death; undefined where some are left. */
  readonly ms: number | undefined;
}

/** Where runs take place. */
export interface Stage {
  readonly engine: UsedEngine;
  readonly boxes: Boxes;
  /** For runs that end without their server. */
  readonly server: Server;
}

let words = 70_000;

/** Lets a tree grow, ends it, and watches from outside. */
export async function endRun(stage: Stage, shape: Shape, reason: Reason): Promise<Ending> {
  const box = await stage.boxes.for(shape.surroundings ?? 'plain');
  words += 1;
  const word = String(words);
  const server = reason === 'client gone' ? await openServer(stage.engine.dockerHost) : stage.server;
  const begin = () => beginRun(server, box, shape, word, reason);
  const ending = await watch(stage, server, { box, word, shape, reason, id: begin() });
  if (server !== stage.server) await server.close();
  return ending;
}

function beginRun({ client }: Server, box: TestContainer, shape: Shape, word: string, reason: Reason) {
  const { tty = false, user = '1000' } = shape;
  const args = { id: box.name, cmd: shape.cmd(word), user, tty };
  return client.begin('docker_exec', reason === 'timeout' ? { ...args, timeoutMs: TIMEOUT_MS } : args);
}

interface Run {
  readonly box: TestContainer;
  readonly word: string;
  readonly shape: Shape;
  readonly reason: Reason;
  readonly id: string | number;
}

async function watch(stage: Stage, server: Server, run: Run): Promise<Ending> {
  const { box, word, shape } = run;
  const pids = await untilSeen(
    async () => pidsWith(box.id, word),
    (seen) => seen.length === shape.processes,
  );
  if (shape.surroundings === 'paused') await dockerText(stage.engine.docker, ['pause', box.id]);
  const reasonAt = bringAbout(server, run);
  const end = endOf(server, word);
  const deadAt = await untilDead(pids, end);
  const { outcome, termination } = await end;
  const left = pidsWith(box.id, word).length;
  const ms = deadAt === undefined ? undefined : Math.max(0, Math.round(deadAt - (await reasonAt)));
  return { box, word, outcome, termination, left, ms };
}

/** The moment at which the run was to be ended. */
async function bringAbout({ client }: Server, { reason, id }: Run): Promise<number> {
  if (reason === 'timeout') {
    const { durationMs } = execReply(await client.result(id));
    return performance.now() - durationMs + TIMEOUT_MS;
  }
  if (reason === 'cancel') client.cancel(id);
  else client.endInput();
  return performance.now();
}

/** Every shape with every reason, named for a test. */
export const CASES = SHAPES.flatMap((shape) => REASONS.map((reason) => [shape.name, reason, shape] as const));
