import { decode, replacements } from '../contract/oracle.ts';

/** What a command writes to one channel, and what a client must read of it. */
export class Sample {
  readonly raw: Buffer;
  #text: string | undefined;
  #replacements: number | undefined;

  constructor(raw: Buffer) {
    this.raw = raw;
  }

  get text(): string {
    this.#text ??= decode(this.raw);
    return this.#text;
  }

  /** How many U+FFFD the text has for bytes that are not UTF-8. */
  get replacements(): number {
    this.#replacements ??= replacements(this.raw);
    return this.#replacements;
  }
}

export const NOTHING = new Sample(Buffer.alloc(0));

const SHOWN = 24;

/** Where two texts begin to differ, in a line to read; undefined if they do not. Test runners take minutes to show two of 8 MB. */
export function firstDifference(got: string, wanted: string): string | undefined {
  if (got === wanted) return undefined;
  let at = 0;
  while (at < got.length && got.charCodeAt(at) === wanted.charCodeAt(at)) at += 1;
  const around = (text: string): string => JSON.stringify(text.slice(Math.max(0, at - SHOWN), at + SHOWN));
  return `character ${at} of ${got.length} (wanted ${wanted.length}): got ${around(got)}, wanted ${around(wanted)}`;
}
