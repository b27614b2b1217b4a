import { createHash } from 'node:crypto';
import { bytesText, progressText } from '../screen.ts';
import type { Chunk } from '../server.ts';
import { linesOf, must, runOf, type Stage, type Step } from '../stage.ts';

const BUILD = `
for n in 1 2 3 4 5 6; do
  echo "compiling module $n of 6"
  [ $n = 4 ] && echo "warning: module 4 is deprecated" >&2
  sleep 0.3
done`;

const LARGE = 'seq 1 3000000';
const ROW_EVERY_BYTES = 6_000_000;

/** Output while it is produced: slow lines at once, then a large output without a byte lost. */
export const streaming: Step = {
  title: 'Stream a command: every line as it is produced, stderr apart',
  async show(stage) {
    const { name } = await stage.engine.run();
    await showLines(stage, name);
    await showLarge(stage, name);
  },
};

async function showLines({ server, screen }: Stage, id: string): Promise<void> {
  screen.request('docker_exec', { id, cmd: ['sh', '-c', '…'], stream: true });
  const begun = performance.now();
  const chunks: Chunk[] = [];
  let first = 0;
  const onChunk = (chunk: Chunk): void => {
    const elapsed = performance.now() - begun;
    if (chunks.push(chunk) === 1) first = elapsed;
    for (const line of linesOf(chunk.text)) screen.output(chunk.channel, line, progressText(chunk.total, elapsed));
  };
  const run = runOf(await server.call('docker_exec', { id, cmd: ['sh', '-c', BUILD], stream: true }, { onChunk }));
  const lead = performance.now() - begun - first;
  const joined = (channel: string) =>
    chunks
      .filter((one) => one.channel === channel)
      .map((one) => one.text)
      .join('');
  must(run.outcome === 'exited' && run.exitCode === 0, 'the command ends with exit code 0');
  must(lead > 1_000, 'the first line is here long before the command ends');
  must(
    chunks.every((chunk, index) => chunk.seq === index),
    'chunks are numbered without a gap',
  );
  must(joined('stdout') === run.stdout && joined('stderr') === run.stderr, 'the chunks are the whole output');
  screen.holds(
    `the first line came ${(lead / 1000).toFixed(1)} s before the end; ${chunks.length} chunks, none missing`,
  );
}

async function showLarge({ server, screen }: Stage, id: string): Promise<void> {
  screen.request('docker_exec', { id, cmd: LARGE.split(' '), stream: true });
  const begun = performance.now();
  const hash = createHash('sha256');
  let shown = 0;
  const onChunk = ({ text, total }: Chunk): void => {
    hash.update(text);
    if (total < shown + ROW_EVERY_BYTES) return;
    shown = total;
    const end = text.slice(0, text.lastIndexOf('\n'));
    screen.output(
      'stdout',
      `… ${end.slice(end.lastIndexOf('\n') + 1)}`,
      progressText(total, performance.now() - begun),
    );
  };
  const run = runOf(await server.call('docker_exec', { id, cmd: LARGE.split(' '), stream: true }, { onChunk }));
  const seconds = ((performance.now() - begun) / 1000).toFixed(1);
  const inside = await server.call('docker_exec', { id, cmd: ['sh', '-c', `${LARGE} | sha256sum`] });
  must(runOf(inside).stdout.startsWith(hash.digest('hex')), 'SHA-256 of the chunks is that of the command’s output');
  must(run.truncated, 'the result keeps head and tail of an output this large');
  screen.holds(`${bytesText(run.stdoutBytes)} in ${seconds} s; SHA-256 is the same on both sides`);
}
