import { configTable } from '../../src/config/table.ts';

const BEGIN = '<!-- config:begin -->';
const END = '<!-- config:end -->';

/** The document with the table of variables between its markers made anew. Throws where the markers are missing. */
export function withConfigTable(document: string): string {
  const begin = document.indexOf(BEGIN);
  const end = document.indexOf(END);
  if (begin < 0 || end < begin) throw new Error(`The document needs ${BEGIN} and, after it, ${END}`);
  return `${document.slice(0, begin + BEGIN.length)}\n\n${configTable()}\n\n${document.slice(end)}`;
}
