import { posix } from 'node:path';

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

/** The denied path that `path` (absolute, normalised) is or lies under. */
export function deniedBy(path: string, denied: readonly string[]): string | undefined {
  if (ALWAYS_ALLOWED.has(path)) return undefined;
  return denied.find((prefix) => prefix === '/' || path === prefix || path.startsWith(`${prefix}/`));
}

/**
 * Whether literal text can name a denied path at all: its last component has to be there, or a percent sign to write it with.
 * This lets all but a few words of a long command go by at the cost of one search.
 */
export function mentionOf(denied: readonly string[]): RegExp {
  if (denied.includes('/')) return /^/;
  const names = denied.map((path) => path.slice(path.lastIndexOf('/') + 1).replace(/[^\w]/gu, '\\$&'));
  return names.length === 0 ? /(?!)/ : new RegExp(`%|${names.join('|')}`, 'u');
}
