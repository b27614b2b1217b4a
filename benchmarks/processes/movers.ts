import { type BenchmarkContext, interleave } from '../question.ts';
import { transferByCli } from './docker-cli.ts';
import { McpServerProcess } from './mcp-server.ts';
import { DOCKERODE, PRODUCT, type Program, WITHOUT_NATIVE } from './programs.ts';
import { type Transfer, type TransferTrials, transferFigures } from './transfer.ts';

/** Output to be moved out of a container, in the words of each contender. */
export interface Work {
  readonly case: string;
  readonly dockerHost: string;
  readonly tool: 'docker_exec' | 'docker_logs';
  readonly args: Readonly<Record<string, unknown>>;
  /** A short call of the same tool, before the timing: the worker is up, as it is under a client. */
  readonly warmUp: Readonly<Record<string, unknown>>;
  /** The same for the Docker CLI. */
  readonly cli: readonly string[];
  /** How often at the same time. */
  readonly times: number;
  /** What the container wrote, once. */
  readonly bytes: number;
}

export type Mover = (work: Work) => Promise<Transfer>;

/** All servers that are compared; each trial has a fresh process. */
export const SERVERS: Readonly<Record<string, Mover>> = {
  'mcp-docker-exec': serverMover(PRODUCT),
  'mcp-docker-exec without native': serverMover(WITHOUT_NATIVE),
  'dockerode + JSON.stringify': serverMover(DOCKERODE),
};

export function cliMover(flags: readonly string[] = []): Mover {
  return ({ dockerHost, cli: [command = '', ...rest], times }) =>
    transferByCli(dockerHost, [command, ...flags, ...rest], times);
}

function serverMover(program: Program): Mover {
  return async ({ dockerHost, tool, args, warmUp, times }) => {
    const server = await McpServerProcess.start(dockerHost, program);
    await server.callTool(tool, warmUp);
    const calls = () => Promise.all(Array.from({ length: times }, () => server.callTool(tool, args)));
    return server.measured(calls).finally(() => server.close());
  };
}

/** Lets the movers take turns at the work. @throws Error where one of them lost bytes. */
export async function moveInTurns(
  movers: Readonly<Record<string, Mover>>,
  work: Work,
  rounds: number,
  { progress }: BenchmarkContext,
): Promise<TransferTrials[]> {
  progress(work.case);
  const all = work.bytes * work.times;
  const trials = await interleave(Object.entries(movers), rounds, async ([name, move]) => {
    const moved = await move(work);
    if (moved.bytes < all) throw new Error(`${name} gave ${moved.bytes} bytes of ${all}`);
    return transferFigures(moved, all);
  });
  return [...trials].map(([[contender], figures]) => ({ case: work.case, contender, trials: figures }));
}
