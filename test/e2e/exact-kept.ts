import { cut } from '../contract/oracle.ts';
import { firstDifference, type Sample } from './sample.ts';

const MARK = /(?:^|\n)\[\.\.\. (\d+) bytes omitted \.\.\.\]\n/;
/** A cut moves by less than a character, and there are two. */
const MOST_MOVED = 6;

/** How many bytes of `text` were left out, and where the line that says so stands. */
function omission(text: string): { readonly bytes: number; readonly start: number; readonly end: number } | undefined {
  const found = MARK.exec(text);
  if (found === null) return undefined;
  return { bytes: Number(found[1]), start: found.index, end: found.index + found[0].length };
}

/** What is wrong with a channel's text in a result; undefined for all of it, or a head and a tail of it as the contract says. */
export function keptFault(text: string, sample: Sample): string | undefined {
  const left = omission(text);
  if (left === undefined) return firstDifference(text, sample.text);
  const kept = sample.raw.length - left.bytes;
  for (let moved = 0; moved <= MOST_MOVED; moved += 1) {
    if (cut(sample.raw, kept + moved) === text) return undefined;
  }
  return firstDifference(text, cut(sample.raw, kept));
}

/** The same of base64: both sides of the mark are whole by themselves. */
export function keptBase64Fault(text: string, { raw }: Sample): string | undefined {
  const left = omission(text);
  if (left === undefined) return firstDifference(text, raw.toString('base64'));
  const head = Buffer.from(text.slice(0, left.start), 'base64');
  const tail = Buffer.from(text.slice(left.end), 'base64');
  const mark = `\n[... ${raw.length - head.length - tail.length} bytes omitted ...]\n`;
  const wanted = [raw.subarray(0, head.length), raw.subarray(raw.length - tail.length)];
  return firstDifference(text, wanted.map((side) => side.toString('base64')).join(mark));
}
