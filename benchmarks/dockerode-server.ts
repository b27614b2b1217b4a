/**
 * What one writes at first: dockerode, its demuxer, a string and JSON.stringify for every piece. It speaks as much
 * JSON-RPC over stdio as the benchmarks do, and keeps nothing for its results.
 */
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';
import Docker from 'dockerode';
import { z } from 'zod';

const request = z.object({ id: z.number(), method: z.string(), params: z.unknown() });

const call = z.object({
  name: z.enum(['docker_exec', 'docker_logs']),
  arguments: z.object({ id: z.string(), cmd: z.array(z.string()).optional(), tail: z.number().optional() }),
});

type Arguments = z.output<typeof call>['arguments'];

const docker = new Docker();

function send(message: object, done?: () => void): void {
  process.stdout.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`, done);
}

/** One channel's notifications; the next piece waits until stdout took this one. */
function notifications(progressToken: number, channel: string): Writable {
  const decoder = new StringDecoder('utf8');
  let progress = 0;
  return new Writable({
    write(piece: Buffer, _encoding, done) {
      progress += piece.length;
      const params = { progressToken, progress, message: decoder.write(piece), _meta: { channel } };
      send({ method: 'notifications/progress', params }, done);
    },
  });
}

async function exec({ id, cmd = [] }: Arguments): Promise<NodeJS.ReadableStream> {
  const made = await docker.getContainer(id).exec({ Cmd: [...cmd], AttachStdout: true, AttachStderr: true });
  return made.start({});
}

/** `follow`, since dockerode collects the whole log into one Buffer without; an ended container's log ends all the same. */
function logs({ id, tail }: Arguments): Promise<NodeJS.ReadableStream> {
  const part = tail === undefined ? {} : { tail };
  return docker.getContainer(id).logs({ follow: true, stdout: true, stderr: true, ...part });
}

async function run(id: number, params: unknown): Promise<void> {
  const { name, arguments: args } = call.parse(params);
  const stream = await (name === 'docker_exec' ? exec(args) : logs(args));
  const [stdout, stderr] = [notifications(id, 'stdout'), notifications(id, 'stderr')];
  docker.modem.demuxStream(stream, stdout, stderr);
  await once(stream, 'end');
  await Promise.all([stdout, stderr].map((channel) => once(channel.end(), 'finish')));
  send({ id, result: { content: [], isError: false } });
}

function take(line: string): void {
  const parsed = request.safeParse(JSON.parse(line));
  if (!parsed.success) return;
  const { id, method, params } = parsed.data;
  if (method === 'tools/call') void run(id, params);
  else send({ id, result: {} });
}

createInterface({ input: process.stdin }).on('line', take);
