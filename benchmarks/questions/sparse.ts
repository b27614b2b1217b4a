import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { dockerText } from '../../test/engine/cli.ts';
import type { TestContainer } from '../../test/engine/containers.ts';
import type { Engine } from '../../test/engine/engine.ts';
import { percentileMeasure, percentiles } from '../percentiles.ts';
import { cliEnvironment } from '../processes/docker-cli.ts';
import { McpServerProcess, type OnRead } from '../processes/mcp-server.ts';
import { type BenchmarkContext, interleave, type Measure, type Question } from '../question.ts';

const ROUNDS = 3;
const LINES = 40;
const APART_MS = 100;
const PIPE = '/lines';
const COMMAND = ['cat', PIPE];
const REFERENCE = 'docker exec';
const CONTENDERS = ['mcp-docker-exec', REFERENCE] as const;

/** A running `cat` of the pipe: its output is shown to `onRead`, and `ended` resolves once the pipe was closed. */
type Start = (onRead: OnRead) => Promise<{ readonly ended: Promise<unknown> }>;

/** Where this machine sees the container's pipe: what is written there `cat` writes on at once. */
async function pipeOf({ docker }: Engine, container: TestContainer): Promise<string> {
  await dockerText(docker, ['exec', container.id, 'sh', '-c', `mkfifo ${PIPE} && chmod 666 ${PIPE}`]);
  const pid = await dockerText(docker, ['inspect', '--format', '{{.State.Pid}}', container.id]);
  return `/proc/${pid}/root${PIPE}`;
}

function server(dockerHost: string, id: string): Start {
  return async (onRead) => {
    const process = await McpServerProcess.start(dockerHost);
    await process.callTool('docker_exec', { id, cmd: ['true'] });
    process.watch(onRead);
    const call = process.callTool('docker_exec', { id, cmd: COMMAND, stream: true });
    return { ended: call.then(() => process.close()) };
  };
}

function cli(dockerHost: string, id: string): Start {
  return async (onRead) => {
    const env = cliEnvironment(dockerHost);
    const child = spawn('docker', ['exec', id, ...COMMAND], { env, stdio: ['ignore', 'pipe', 'inherit'] });
    child.stdout.on('data', onRead);
    return { ended: once(child, 'close') };
  };
}

/** One clock for both ends: this process writes the line, and reads it where the contender brings it out. */
async function latencies(start: Start, pipe: string): Promise<number[]> {
  let onRead: OnRead = () => undefined;
  const { ended } = await start((read) => onRead(read));
  // Only opens once the container's `cat` has it open too.
  const input = await open(pipe, constants.O_WRONLY);
  const milliseconds: number[] = [];
  for (let n = 0; n < LINES; n += 1) {
    await delay(APART_MS);
    const line = `line ${String(n).padStart(6, '0')}`;
    const arrived = new Promise<void>((resolve) => {
      onRead = (read) => (read.includes(line) ? resolve() : undefined);
    });
    milliseconds.push(await timeOf(input, line, arrived));
  }
  await input.close();
  await ended;
  return milliseconds;
}

async function timeOf(input: FileHandle, line: string, arrived: Promise<void>): Promise<number> {
  const begun = performance.now();
  await input.write(`${line}\n`);
  await arrived;
  return performance.now() - begun;
}

async function measure(context: BenchmarkContext): Promise<Measure[]> {
  const engine = await context.engine();
  const container = await engine.run();
  const pipe = await pipeOf(engine, container);
  const trials = await interleave<string>(CONTENDERS, context.rounds ?? ROUNDS, async (contender) => {
    const start = contender === REFERENCE ? cli : server;
    return percentiles(await latencies(start(engine.dockerHost, container.id), pipe));
  });
  await container.remove();
  return [percentileMeasure('Time from the write to stdout', trials)];
}

export const sparse: Question = {
  name: 'sparse',
  title: 'Sparse output',
  method: [
    `A \`cat\` in the container brings ${LINES} lines a trial, ${APART_MS} ms apart, out of a named pipe that this machine`,
    'writes to. From the write to the read of the line where the server, or `docker exec` without anything behind it, wrote it.',
  ].join(' '),
  reference: REFERENCE,
  measure,
};
