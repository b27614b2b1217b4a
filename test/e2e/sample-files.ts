import { dockerText } from '../engine/cli.ts';
import type { TestContainer } from '../engine/containers.ts';
import { type TarEntry, tar } from '../engine/tar.ts';
import type { UsedEngine } from '../engine/use.ts';
import { CORPUS_NAMES, type CorpusName, corpus } from './corpora.ts';
import { Sample } from './sample.ts';

type SampleFiles = Readonly<Record<CorpusName, Sample>>;

/** One sample of each kind, at most `bytes` long. */
export function samples(bytes: number): SampleFiles {
  const sample = (name: CorpusName): Sample => new Sample(corpus(name, bytes));
  return {
    emoji: sample('emoji'),
    cjk: sample('cjk'),
    combining: sample('combining'),
    binary: sample('binary'),
    ansi: sample('ansi'),
    nuls: sample('nuls'),
    broken: sample('broken'),
    lineEnds: sample('lineEnds'),
  };
}

/** Puts samples into a container as /tmp/NAME, in their order, for everybody to read. */
export async function putSamples(
  { docker }: Pick<UsedEngine, 'docker'>,
  { id }: TestContainer,
  files: Readonly<Record<string, Sample>>,
): Promise<void> {
  const entries = Object.entries(files).map(
    ([path, { raw }]): TarEntry => ({ kind: 'file', path, mode: 0o644, content: raw }),
  );
  await dockerText(docker, ['cp', '-', `${id}:/tmp`], { input: tar(entries) });
}

export interface Pair {
  readonly stdout: CorpusName;
  readonly stderr: CorpusName;
}

/** Every sample once, on either channel, beside another one; other pairs each turn, with the channels exchanged. */
export function pairs(turn: number): Pair[] {
  const at = (index: number): CorpusName => CORPUS_NAMES[index % CORPUS_NAMES.length] ?? 'emoji';
  const first = turn % 2;
  const distance = 1 + 2 * Math.floor(turn / 2);
  return CORPUS_NAMES.filter((_, index) => index % 2 === 0).map((_, index) => ({
    stdout: at(first + 2 * index),
    stderr: at(first + 2 * index + distance),
  }));
}

/** Writes both files at once, so that neither channel is ever alone for long. */
export function writeBoth({ stdout, stderr }: Pair): string[] {
  return ['sh', '-c', `cat /tmp/${stdout} & cat /tmp/${stderr} >&2; wait`];
}
