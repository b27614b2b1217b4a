import type { Inside } from '../commands.ts';
import { fileWords } from '../file-programs.ts';
import { basename } from '../look/look.ts';
import { absolutePath, deniedBy, deniedIn, type Place } from '../paths.ts';
import type { Policy } from '../policy.ts';
import type { ShellWord } from '../shell.ts';
import { type Denial, deny } from '../verdict.ts';
import type { ExecRule } from './rule.ts';

const CHANGES_FOLDER: ReadonlySet<string> = new Set(['cd', 'pushd', 'chdir']);

/** Every word is checked against every folder, so their number bounds the work. */
const MAX_FOLDERS = 32;

/**
 * MCP_DOCKER_DENIED_PATHS, in the working directory and in every word, relative ones against the working directory and against
 * every folder the command line changes to. What has a slash or is `..` is a path wherever it stands. A bare word is one only
 * where a word is sure to be a file: as an argument of a program known to work on files (`cat proc` from `/`, also in a
 * shell's text and behind wrappers), and outside of commands' arguments (`< proc`, `x=proc`, `for f in proc`). So
 * `npm run dev` passes from `/`, and so does a bare name given to a program this server does not know.
 */
export const deniedPaths: ExecRule = (request, inside, policy) => {
  const workdir = absolutePath(request.container.workdir, request.workdir ?? '.');
  const held = deniedBy(workdir, policy.deniedPaths);
  if (held !== undefined) return denyPath(workdir, `${held} is a denied path`, workdir);
  const bases = [workdir, ...foldersChangedTo(inside, workdir)];
  if (bases.length > MAX_FOLDERS)
    return denyPath('cd', `More than ${MAX_FOLDERS} folders to check paths against`, workdir);
  const files = [...inside.loose, ...inside.argvs.flatMap(fileWords)];
  const found =
    findDenied(inside.words, { bases, bareWords: false }, policy) ??
    findDenied(files, { bases, bareWords: true }, policy);
  return found === undefined ? undefined : denyPath(found.word, `${found.path} is a denied path`, workdir);
};

/** The first word that may name a denied path, and that path. */
function findDenied(
  words: readonly ShellWord[],
  place: Place,
  { deniedPaths: denied }: Policy,
): { readonly word: string; readonly path: string } | undefined {
  for (const word of words) {
    const path = deniedIn(word, place, denied);
    if (path !== undefined) return { word: word.text, path };
  }
  return undefined;
}

function foldersChangedTo(inside: Inside, workdir: string): string[] {
  const changes = inside.argvs.filter(
    ([program]) => program !== undefined && CHANGES_FOLDER.has(basename(program.text)),
  );
  const targets = changes.flatMap((argv) => argv.slice(1).map((word) => word.text));
  return [...new Set(targets)].map((target) => absolutePath(workdir, target));
}

function denyPath(part: string, what: string, workdir: string): Denial {
  return deny(
    'command.paths',
    part,
    `${what} (working directory ${workdir})`,
    'Use another path or workdir. MCP_DOCKER_DENIED_PATHS lists the denied paths.',
  );
}
