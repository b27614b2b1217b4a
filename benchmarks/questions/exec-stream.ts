import { createHash } from 'node:crypto';
import type { TestContainer } from '../../test/engine/containers.ts';
import { ChunkHash } from '../processes/chunk-hash.ts';
import { McpServerProcess } from '../processes/mcp-server.ts';
import { cliMover, moveInTurns, SERVERS, type Work } from '../processes/movers.ts';
import { type TransferTrials, transferMeasures } from '../processes/transfer.ts';
import type { BenchmarkContext, Measure, Question } from '../question.ts';
import { BLOCK_BYTES, OUTPUT_FILE, writeOutputFile } from './output-file.ts';

const ROUNDS = 5;
const BLOCKS = 400;
const REFERENCE = 'docker exec | cat';
const MOVERS = { ...SERVERS, [REFERENCE]: cliMover() };

const TEXTS = {
  '400 MB ASCII': 'GET /api/items/42 200 3ms user=7 session=0123456789abcdef\n',
  '400 MB CJK': '信息：已处理请求，路径为项目列表，状态成功，用时三毫秒。\n',
} as const;

function hashOf(block: Buffer): string {
  const hash = createHash('sha256');
  for (let n = 0; n < BLOCKS; n += 1) hash.update(block);
  return hash.digest('hex');
}

/** Once, apart from all timing: every byte arrives. */
async function verify({ dockerHost, tool, args }: Work, expected: string): Promise<void> {
  const server = await McpServerProcess.start(dockerHost);
  const chunks = new ChunkHash();
  server.watch((read) => chunks.take(read));
  await server.callTool(tool, args);
  await server.close();
  if (chunks.digest() !== expected) throw new Error('The streamed output is not what the command wrote');
}

function workOf(name: string, dockerHost: string, { id }: TestContainer): Work {
  const cmd = ['cat', OUTPUT_FILE];
  return {
    case: name,
    dockerHost,
    tool: 'docker_exec',
    args: { id, cmd, stream: true },
    warmUp: { id, cmd: ['true'] },
    cli: ['exec', id, ...cmd],
    times: 1,
    bytes: BLOCKS * BLOCK_BYTES,
  };
}

async function measureText(name: string, line: string, context: BenchmarkContext): Promise<TransferTrials[]> {
  const { dockerHost, run } = await context.engine();
  const container = await run();
  const block = await writeOutputFile(container, line, BLOCKS);
  const work = workOf(name, dockerHost, container);
  await verify(work, hashOf(block));
  const trials = await moveInTurns(MOVERS, work, context.rounds ?? ROUNDS, context);
  await container.remove();
  return trials;
}

async function measure(context: BenchmarkContext): Promise<Measure[]> {
  const all: TransferTrials[] = [];
  for (const [name, line] of Object.entries(TEXTS)) all.push(...(await measureText(name, line, context)));
  return transferMeasures(all);
}

export const execStream: Question = {
  name: 'exec-stream',
  title: 'Streaming a large output of one command',
  method: [
    '`cat` of a file in the container, delivered by `docker_exec` with `stream: true` as JSON-RPC notifications, against the',
    'raw bytes of `docker exec | cat`. One reader for all drops the bytes. Per byte the command wrote; processor time is that',
    'of the whole server process during the call, or of the Docker CLI and cat: the engine is in none. “dockerode” is the',
    'straightforward server: its `demuxStream`, then JSON.stringify. Before the timing every byte was compared once.',
  ].join(' '),
  reference: REFERENCE,
  measure,
};
