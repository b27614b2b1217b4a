import { bytesText, progressText, type Screen } from '../screen.ts';
import type { Chunk } from '../server.ts';
import { linesOf, must, runOf, type Stage, type Step } from '../stage.ts';

/** Some ten thousand lines a second, now and then one on stderr. */
const BUSY = `
i=0
while :; do
  j=0
  while [ $j -lt 400 ]; do i=$((i+1)) j=$((j+1)); echo "GET /items/$i 200"; done
  echo "slow request near $i" >&2
  sleep 0.02
done`;

const FOLLOW_MS = 3_000;
const ROW_EVERY_MS = 500;

interface Seen {
  lines: number;
  bytes: number;
  /** The latest one that was not shown yet. */
  warning: string;
  first: number;
  last: number;
  gaps: number;
}

/** A log that never rests: read live, bounded by time, and read on later from where it ended. */
export const followedLog: Step = {
  title: 'Follow a busy log, then go on where it ended',
  async show(stage) {
    const container = await stage.engine.run({ cmd: ['sh', '-c', BUSY] });
    const { last, nextSince } = await follow(stage, container.name);
    await goOn(stage, container.name, nextSince, last + 1);
    await container.remove();
  },
};

async function follow({ server, screen }: Stage, id: string): Promise<{ last: number; nextSince: string }> {
  const args = { id, follow: true, tail: 0, timeoutMs: FOLLOW_MS };
  screen.request('docker_logs', args);
  const seen: Seen = { lines: 0, bytes: 0, warning: '', first: 0, last: 0, gaps: 0 };
  const take = lineTaker(seen);
  const begun = performance.now();
  let nextRow = ROW_EVERY_MS;
  const onChunk = (chunk: Chunk): void => {
    take(chunk);
    const elapsed = performance.now() - begun;
    if (elapsed < nextRow) return;
    nextRow += ROW_EVERY_MS;
    showRow(screen, seen, elapsed);
  };
  const run = runOf(await server.call('docker_logs', args, { onChunk }));
  must(run.outcome === 'limit', 'a followed log ends at its timeoutMs');
  must(seen.lines > 1_000 && seen.lines === run.lines, 'every line of the log is streamed');
  must(seen.gaps === 0, 'the lines are in order, none missing');
  const rate = Math.round((seen.lines * 1000) / run.durationMs);
  screen.holds(`${seen.lines} lines (${bytesText(seen.bytes)}), ${rate} a second, in order, none missing`);
  return { last: seen.last, nextSince: run.nextSince ?? '' };
}

function showRow(screen: Screen, seen: Seen, elapsed: number): void {
  const margin = progressText(seen.bytes, elapsed);
  screen.output('stdout', `GET /items/${seen.last} 200   (${seen.lines} lines so far)`, margin);
  if (seen.warning !== '') screen.output('stderr', seen.warning, margin);
  seen.warning = '';
}

async function goOn({ server, screen }: Stage, id: string, since: string, expected: number): Promise<void> {
  const args = { id, since, stderr: false, maxLines: 1 };
  screen.request('docker_logs', args);
  const [line = ''] = linesOf(runOf(await server.call('docker_logs', args)).stdout);
  screen.output('stdout', line);
  must(numberIn(line) === expected, 'nextSince goes on with the very next line');
  screen.holds('nextSince went on with the very next line');
}

function numberIn(line: string): number {
  return Number(/^GET \/items\/(\d+) 200$/.exec(line)?.[1] ?? Number.NaN);
}

/** Joins the chunks of each channel to lines and counts them. */
function lineTaker(seen: Seen): (chunk: Chunk) => void {
  const unfinished = { stdout: '', stderr: '' };
  return ({ channel, text, total }) => {
    const lines = (unfinished[channel] + text).split('\n');
    unfinished[channel] = lines.pop() ?? '';
    seen.lines += lines.length;
    seen.bytes = total;
    if (channel === 'stderr') seen.warning = lines.at(-1) ?? seen.warning;
    else for (const line of lines) countLine(seen, numberIn(line));
  };
}

function countLine(seen: Seen, number: number): void {
  if (seen.first === 0) seen.first = number;
  else if (number !== seen.last + 1) seen.gaps += 1;
  seen.last = number;
}
