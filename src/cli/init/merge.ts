import { isDeepStrictEqual } from 'node:util';
import { applyEdits, modify, type ParseError, parse, printParseErrorCode } from 'jsonc-parser';
import type { Entry } from './entry.ts';

/** What is to be in a client's configuration. */
export interface Addition {
  readonly key: string;
  readonly name: string;
  readonly entry: Entry;
}

export type Merged =
  | { readonly kind: 'added'; readonly text: string }
  /** The same entry is there already. */
  | { readonly kind: 'present' }
  | { readonly kind: 'refused'; readonly reason: string };

type Json = Readonly<Record<string, unknown>>;

const BOM = '\ufeff';

function refused(reason: string): Merged {
  return { kind: 'refused', reason };
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function positionIn(text: string, { error, offset }: ParseError): string {
  const line = text.slice(0, offset).split('\n').length;
  return `line ${line}: ${printParseErrorCode(error)}`;
}

/** JSON with comments and trailing commas, as VS Code reads it. Returns what is wrong where it is not even that. */
function read(text: string): { readonly value: unknown } | { readonly fault: string } {
  const errors: ParseError[] = [];
  const value: unknown = parse(text, errors, { allowTrailingComma: true });
  const [first] = errors;
  return first === undefined ? { value } : { fault: positionIn(text, first) };
}

/** The file's own way to indent and to end lines. */
function formatOf(text: string) {
  const indent = /\n([ \t]+)\S/.exec(text)?.[1] ?? '  ';
  const insertSpaces = !indent.startsWith('\t');
  return { insertSpaces, tabSize: insertSpaces ? indent.length : 1, eol: text.includes('\r\n') ? '\r\n' : '\n' };
}

function add(text: string, document: Json, servers: Json, { key, name, entry }: Addition): Merged {
  const edits = modify(text, [key, name], entry, { formattingOptions: formatOf(text) });
  const edited = applyEdits(text, edits);
  const wanted = { ...document, [key]: { ...servers, [name]: entry } };
  const result = read(edited);
  // Keys given twice, for one, are edited in another place than they are read.
  if ('fault' in result || !isDeepStrictEqual(result.value, wanted)) return refused('it cannot be edited safely');
  return { kind: 'added', text: edited.endsWith('\n') ? edited : `${edited}\n` };
}

/**
 * A client's configuration with the entry in it. Everything else stays as it is, comments included, but for the layout of the
 * entry before it; an entry of that name that differs is never replaced.
 */
export function mergeEntry(file: string, addition: Addition): Merged {
  const [bom, text] = file.startsWith(BOM) ? [BOM, file.slice(1)] : ['', file];
  const merged = mergeText(text.trim() === '' ? '{}' : text, addition);
  return merged.kind === 'added' ? { ...merged, text: bom + merged.text } : merged;
}

function mergeText(text: string, addition: Addition): Merged {
  const { key, name, entry } = addition;
  const result = read(text);
  if ('fault' in result) return refused(`it is not JSON (${result.fault})`);
  const document = result.value;
  if (!isObject(document)) return refused('it is not a JSON object');
  const servers = document[key] ?? {};
  if (!isObject(servers)) return refused(`its ${JSON.stringify(key)} is not an object`);
  if (!Object.hasOwn(servers, name)) return add(text, document, servers, addition);
  if (isDeepStrictEqual(servers[name], entry)) return { kind: 'present' };
  return refused(`it already has another server named ${JSON.stringify(name)}`);
}
