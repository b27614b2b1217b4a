import { expandBraces } from './braces.ts';
import { pathsIn } from './path-pieces.ts';
import { absolutePath, deniedBy } from './paths.ts';
import type { ShellWord } from './shell.ts';

/** Where a word is looked for, and how. */
export interface Place {
  /** The folders that relative paths may start from. */
  readonly bases: readonly string[];
  /** Whether a word without a slash is a path as well. */
  readonly bareWords: boolean;
  /** Whether a variable counts that stands where a denied path could follow, such as `/$x`. */
  readonly variables: boolean;
}

/** The denied path that `word` may name, relative to any base. A word the shell still expands is matched as what it may become. */
export function deniedIn(word: ShellWord, place: Place, denied: readonly string[]): string | undefined {
  if (word.literal) return deniedPath(pathsIn(word.text, place.bareWords), place.bases, denied);
  for (const form of expandBraces(word.text)) {
    const names = pathsIn(form, place.bareWords).flatMap(upwards);
    const hit = deniedPath(names, place.bases, denied) ?? deniedPattern(names, place, denied);
    if (hit !== undefined) return hit;
  }
  return undefined;
}

function deniedPath(names: readonly string[], bases: readonly string[], denied: readonly string[]): string | undefined {
  for (const name of names) {
    for (const base of bases) {
      const hit = deniedBy(absolutePath(base, name), denied);
      if (hit !== undefined) return hit;
    }
  }
  return undefined;
}

/** A name with the forms in which it climbs: `.*` and `.?` match `..`, and where a home folder lies nobody knows. */
function upwards(name: string): string[] {
  const forms = [name];
  if (/(?:^|\/)\.[*?[(]/.test(name)) forms.push(name.replace(/(^|\/)\.[*?[(][^/]*/g, '$1..'));
  if (/^~[^/]*\/(?:.*\/)?\.\.(?:\/|$)/.test(name)) forms.push(name.replace(/^~[^/]*/, ''));
  return forms;
}

function deniedPattern(names: readonly string[], place: Place, denied: readonly string[]): string | undefined {
  for (const name of names) {
    for (const base of place.bases) {
      const hit = denied.find((path) => reaches(absolutePath(base, name), path) || hides(name, base, path, place));
      if (hit !== undefined) return hit;
    }
  }
  return undefined;
}

/** Whether the glob can expand to `denied` or a path under it, judged by the literal ends of each component alone. */
function reaches(glob: string, denied: string): boolean {
  if (!GLOB.test(glob)) return false;
  const components = glob.split('/');
  for (const [index, name] of denied.split('/').entries()) {
    const component = components[index];
    if (component === undefined) return false;
    if (component.includes('**')) return true;
    if (!componentReaches(component, name)) return false;
  }
  return true;
}

const GLOB = /[*?[(]/;

/** Upper and lower case are one here, since `shopt -s nocaseglob` makes them so. */
function componentReaches(component: string, name: string): boolean {
  const first = component.search(/[?*+@!]\(|[*?[(]/);
  if (first === -1) return component === name;
  const [start, end] = [component.slice(0, first), component.replace(/^.*[*?\]()]/, '')];
  return name.toLowerCase().startsWith(start.toLowerCase()) && name.toLowerCase().endsWith(end.toLowerCase());
}

/** Whether a variable in `name` stands where `denied` could follow, or may lead up to where `..` goes on. */
function hides(name: string, base: string, denied: string, { variables }: Place): boolean {
  const at = variables ? name.search(/[$`]/) : -1;
  if (at === -1) return false;
  const climbing = /\/\.\.(?:\/.*)?$/.exec(name.slice(at));
  if (climbing !== null && deniedBy(absolutePath('/', climbing[0]), [denied]) !== undefined) return true;
  return at > 0 && denied.startsWith(knownStart(base, name.slice(0, at)));
}

/** The certain start of a path: `/tmp/` of `/tmp/$x`, `/pro` of `/pro$x`. */
function knownStart(base: string, known: string): string {
  const path = absolutePath(base, known);
  return known.endsWith('/') && path !== '/' ? `${path}/` : path;
}
