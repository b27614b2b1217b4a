/** The text of a command names URLs among its words: `curl http://proc/1` is no path. */
const URL_IN_TEXT = /(?<=[\s'"])(?!file:)[a-z][a-z0-9+.-]*:\/\/[^\s'"`;|&<>()]*/gi;

/**
 * What a program could take as a path in an argument: the argument itself, what follows each `=`, `,`, `:` or `;` in it, the same
 * without curl's `@`, a redirection sign or quotes, and a value glued to an option (`-I/proc`, `-f../mem`). Of a URL only `file:`
 * names a path. Text that merely mentions a path (`see /proc for more`) is one piece, and no path under /proc.
 */
export function pathsIn(argument: string, bareWords: boolean): string[] {
  return pathPieces(argument).flatMap((piece) => pathsOf(piece, bareWords));
}

function pathPieces(argument: string): string[] {
  const url = urlPieces(argument);
  if (url !== undefined) return url;
  const parts = argument
    .replace(URL_IN_TEXT, '')
    .split('=')
    .flatMap((part) => urlPieces(part) ?? part.split(/[,:;]/));
  return [argument, ...parts, ...gluedValues(argument)];
}

/** What a piece names as a path; nothing where it is a bare word (`dev`) and those are not asked for. */
function pathsOf(piece: string, bareWords: boolean): string[] {
  if (!bareWords && !/[/@<>]|^\.\.?$/.test(piece)) return [];
  const marked = /^[@<>'"]+([^;|&\n]*?)['"]?$/.exec(piece);
  return [piece, ...(marked?.[1] ? [marked[1]] : [])].filter((path) => path !== '');
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
