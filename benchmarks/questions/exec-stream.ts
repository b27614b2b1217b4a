import { createHash } from 'node:crypto';
import type { TestContainer } from '../../test/engine/containers.ts';
import { ChunkHash } from '../processes/chunk-hash.ts';
import { runDockerCli } from '../processes/docker-cli.ts';
import { McpServerProcess } from '../processes/mcp-server.ts';
import { type Transfer, type TransferTrials, transferFigures, transferMeasures } from '../processes/transfer.ts';
import { type BenchmarkContext, interleave, type Measure, type Question } from '../question.ts';

const ROUNDS = 5;
const BLOCKS = 200;
const BLOCK_BYTES = 1_000_000;
const BYTES = BLOCKS * BLOCK_BYTES;
const FILE = '/tmp/output';
const COMMAND = ['cat', FILE];
const CONTENDERS = ['mcp-docker-exec', 'docker exec'] as const;

const TEXTS = {
  '200 MB ASCII': 'GET /api/items/42 200 3ms user=7 session=0123456789abcdef\n',
  '200 MB CJK': '信息：已处理请求，路径为项目列表，状态成功，用时三毫秒。\n',
} as const;

/** Whole lines, filled up with newlines, so that no character is cut where blocks meet. */
function block(line: string): Buffer {
  const lines = line.repeat(Math.floor(BLOCK_BYTES / Buffer.byteLength(line)));
  return Buffer.concat([Buffer.from(lines), Buffer.alloc(BLOCK_BYTES, '\n')], BLOCK_BYTES);
}

async function writeFile(container: TestContainer, content: Buffer): Promise<void> {
  const script = `cat > ${FILE}.block; for i in $(seq ${BLOCKS}); do cat ${FILE}.block; done > ${FILE}; chmod 644 ${FILE}`;
  const { code, stderr } = await container.exec(['sh', '-c', script], { input: content, flags: ['-i'] });
  if (code !== 0) throw new Error(`The output to stream could not be written: ${stderr}`);
}

function hashOf(content: Buffer): string {
  const hash = createHash('sha256');
  for (let n = 0; n < BLOCKS; n += 1) hash.update(content);
  return hash.digest('hex');
}

/** Once, apart from all timing: every byte arrives. */
async function verify(server: McpServerProcess, container: TestContainer, expected: string): Promise<void> {
  const chunks = new ChunkHash();
  await stream(server, container, (read) => chunks.take(read));
  if (chunks.digest() !== expected) throw new Error('The streamed output is not what the command wrote');
}

async function stream(
  server: McpServerProcess,
  container: TestContainer,
  watch: (read: Buffer) => void,
): Promise<Transfer> {
  const answer = await server.callTool('docker_exec', { id: container.id, cmd: COMMAND, stream: true }, watch);
  if (answer.stdoutBytes < BYTES) throw new Error(`${answer.stdoutBytes} bytes were streamed for ${BYTES}`);
  return answer;
}

async function withCli(dockerHost: string, container: TestContainer): Promise<Transfer> {
  const run = await runDockerCli(dockerHost, ['exec', container.id, ...COMMAND]);
  if (run.stdoutBytes !== BYTES) throw new Error(`docker exec gave ${run.stdoutBytes} bytes of ${BYTES}`);
  return run;
}

/** A fresh server each time, and one short call before: its worker is up, as it is under a client. */
async function withServer<T>(
  dockerHost: string,
  container: TestContainer,
  use: (server: McpServerProcess) => Promise<T>,
): Promise<T> {
  const server = await McpServerProcess.start({ DOCKER_HOST: dockerHost });
  await server.callTool('docker_exec', { id: container.id, cmd: ['true'] });
  return use(server).finally(() => server.close());
}

async function measureText(name: string, line: string, context: BenchmarkContext): Promise<TransferTrials[]> {
  context.progress(name);
  const { dockerHost, run } = await context.engine();
  const container = await run();
  const content = block(line);
  await writeFile(container, content);
  await withServer(dockerHost, container, (server) => verify(server, container, hashOf(content)));
  const trials = await interleave(CONTENDERS, context.rounds ?? ROUNDS, async (contender) => {
    const server = () => withServer(dockerHost, container, (one) => stream(one, container, () => undefined));
    return transferFigures(await (contender === 'docker exec' ? withCli(dockerHost, container) : server()), BYTES);
  });
  await container.remove();
  return CONTENDERS.map((contender) => ({ case: name, contender, trials: trials.get(contender) ?? [] }));
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
    'raw bytes of `docker exec`. One reader for both drops the bytes, as `cat > /dev/null` would. Per byte the command wrote;',
    'processor time is that of the whole server process during the call, or of the whole Docker CLI: the engine is in neither.',
    'Before the timing every byte was compared once.',
  ].join(' '),
  reference: 'docker exec',
  measure,
};
