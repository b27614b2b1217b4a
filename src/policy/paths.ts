import { posix } from 'node:path';
import picomatch from 'picomatch';
import type { ShellWord } from './shell.ts';

/** Device files that scripts cannot do without; allowed although /dev is denied. */
const ALWAYS_ALLOWED: ReadonlySet<string> = new Set([
  '/dev/null',
  '/dev/zero',
  '/dev/full',
  '/dev/random',
  '/dev/urandom',
  '/dev/stdin',
  '/dev/stdout',
  '/dev/stderr',
  '/dev/tty',
  '/dev/fd/0',
  '/dev/fd/1',
  '/dev/fd/2',
]);

/** `path` without `.`, `..`, `//` and a closing slash, made absolute against `base`. Symbolic links are the container's and are not followed. */
export function absolutePath(base: string, path: string): string {
  return posix.resolve('/', base, path);
}

/**
 * The pieces of an argument that a program could take as a path: the argument itself, what follows each `=`, `,` or `:` in it,
 * the same without curl's `@` or a redirection sign, and a value glued to an option (`-I/proc`, `-f../mem`). Of a URL only
 * `file:` names a path. Text that merely mentions a path (`see /proc for more`) is one piece, and no path under /proc.
 */
function pathPieces(argument: string): string[] {
  const url = urlPieces(argument);
  if (url !== undefined) return url;
  const parts = argument
    .replace(URL_IN_TEXT, '')
    .split('=')
    .flatMap((part) => urlPieces(part) ?? part.split(/[,:]/));
  return [argument, ...parts, ...gluedValues(argument)];
}

/** The text of a command names URLs among its words: `curl http://proc/1` is no path. */
const URL_IN_TEXT = /(?<=[\s'"])(?!file:)[a-z][a-z0-9+.-]*:\/\/[^\s'"`;|&<>()]*/gi;

/** What a piece names as a path; nothing where it is a bare word (`dev`) and those are not asked for. */
function pathsIn(piece: string, bareWords: boolean): string[] {
  if (!bareWords && !/[/@<>]|^\.\.?$/.test(piece)) return [];
  return [piece, piece.replace(/^[@<>]+/, '')].filter((path) => path !== '');
}

/** undefined: it is no URL. */
function urlPieces(text: string): string[] | undefined {
  const url = /^([a-z][a-z0-9+.-]*):\/\/[^/]*(.*)$/i.exec(text);
  if (url === null) return undefined;
  return url[1]?.toLowerCase() === 'file' ? [decoded(url[2] ?? '')] : [];
}

function gluedValues(argument: string): string[] {
  const glued = /^-[^-/.]*([/.].*)$/.exec(argument);
  return glued === null ? [] : [glued[1] ?? ''];
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

/** The denied path that `path` (absolute, normalised) is or lies under. */
export function deniedBy(path: string, denied: readonly string[]): string | undefined {
  if (ALWAYS_ALLOWED.has(path)) return undefined;
  return denied.find((prefix) => prefix === '/' || path === prefix || path.startsWith(`${prefix}/`));
}

/** Where a word is looked for. */
export interface Place {
  /** The folders that relative paths may start from. */
  readonly bases: readonly string[];
  /** Whether a word without a slash is a path as well. */
  readonly bareWords: boolean;
}

/** The denied path that `word` may name, relative to any base. A word the shell still expands is matched as the glob it may be. */
export function deniedIn(word: ShellWord, place: Place, denied: readonly string[]): string | undefined {
  const isGlob = !word.literal && /[*?[{]/.test(word.text);
  const names = pathPieces(word.text).flatMap((piece) => pathsIn(piece, place.bareWords));
  for (const name of names) {
    for (const base of place.bases) {
      const path = absolutePath(base, name);
      const hit = deniedBy(path, denied) ?? (isGlob ? denied.find((prefix) => globReaches(path, prefix)) : undefined);
      if (hit !== undefined) return hit;
    }
  }
  return undefined;
}

/** Globs longer than this are taken to reach anything. */
const MAX_GLOB = 256;

/** Whether the glob can expand to `prefix` or a path under it. */
function globReaches(glob: string, prefix: string): boolean {
  const components = glob.split('/');
  return prefix.split('/').every((name, index) => {
    const component = components[index];
    return component !== undefined && (component === name || reaches(component, name));
  });
}

function reaches(component: string, name: string): boolean {
  return component.length > MAX_GLOB || picomatch.isMatch(name, component, { nonegate: true });
}
