import type { Inside } from '../commands.ts';
import { fileWords } from '../file-programs.ts';
import type { Argv } from '../look/finding.ts';
import { basename } from '../look/look.ts';
import { deniedIn, type Place } from '../path-words.ts';
import { absolutePath, deniedBy } from '../paths.ts';
import type { Policy } from '../policy.ts';
import type { ShellWord } from '../shell.ts';
import { type Denial, deny } from '../verdict.ts';
import type { ExecRequest, ExecRule } from './rule.ts';

const CHANGES_FOLDER: ReadonlySet<string> = new Set(['cd', 'pushd', 'chdir']);
/** `tar -C /`, `env --chdir=/`: the command goes on from that folder. */
const FOLDER_OPTION = /^(?:-[CD]|--(?:directory|chdir|cwd|prefix))(?:=?(.*))$/;

/** Every word that could name a denied path is checked against every folder: their numbers bound the work. */
const MAX_FOLDERS = 32;
const MAX_CHECKS = 4096;
/** Characters of words that mention a denied path, which are taken apart. */
const MAX_MENTIONS = 262_144;

/**
 * MCP_DOCKER_DENIED_PATHS, in the working directory and in every word, relative ones against the working directory and against
 * every folder the command line changes to. What has a slash or is `..` is a path wherever it stands. A bare word is one only
 * where a word is sure to be a file: as an argument of a program known to work on files (`cat proc` from `/`, also in a
 * shell's text and behind wrappers), outside of commands' arguments (`< proc`, `for f in proc`), and as the value of a variable
 * that the text uses itself (`x=proc; cat $x`). So `npm run dev` and `NODE_ENV=dev npm start` pass from `/`, and so does a bare
 * name given to a program this server does not know.
 */
export const deniedPaths: ExecRule = (request, inside, policy) => {
  const workdir = absolutePath(request.container.workdir, request.workdir ?? '.');
  const held = deniedBy(workdir, policy.deniedPaths);
  if (held !== undefined) return denyPath(workdir, `${held} is a denied path`, workdir);
  const bases = foldersOf(inside, workdir, policy);
  const plain = candidates([...inside.words, ...environmentValues(request)], policy);
  const files = candidates([...inside.loose, ...usedValues(inside), ...inside.argvs.flatMap(fileWords)], policy);
  const excess = tooMuch(bases, [...plain, ...files]);
  if (excess !== undefined) return denyPath(excess.part, excess.what, workdir);
  const place = { bases, variables: policy.mode !== 'none' };
  const found =
    findDenied(plain, { ...place, bareWords: false }, policy) ??
    findDenied(files, { ...place, bareWords: true }, policy);
  return found === undefined ? undefined : denyPath(found.word, `${found.path} is a denied path`, workdir);
};

/** The words that could name a denied path: those that mention one, and those the shell still expands. */
function candidates(words: readonly ShellWord[], { mention }: Policy): readonly ShellWord[] {
  return words.filter(({ text, literal }) => mention.test(text) || (!literal && /[*?[({$`]/.test(text)));
}

function tooMuch(bases: readonly string[], words: readonly ShellWord[]): { part: string; what: string } | undefined {
  if (bases.length > MAX_FOLDERS)
    return { part: 'cd', what: `More than ${MAX_FOLDERS} folders to check paths against` };
  const length = words.reduce((sum, word) => sum + word.text.length, 0);
  if (words.length * bases.length <= MAX_CHECKS && length <= MAX_MENTIONS) return undefined;
  return { part: words[0]?.text ?? '', what: 'Too many words that may name a denied path' };
}

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

function environmentValues({ env }: ExecRequest): ShellWord[] {
  return env.map((entry) => ({ text: entry.slice(entry.indexOf('=') + 1), literal: true }));
}

/** What was assigned to variables that some word of the command line expands. */
function usedValues({ values, used }: Inside): readonly ShellWord[] {
  return values.filter(({ name }) => used.has(name)).map(({ value }) => value);
}

/** The working directory and every folder the command line changes to, each from there and from the one before. */
function foldersOf(inside: Inside, workdir: string, policy: Policy): readonly string[] {
  const folders = new Set([workdir]);
  let last = workdir;
  for (const target of inside.argvs.flatMap(folderTargets)) {
    // Where a variable or a home folder leads is unknown: it may be the root.
    if (!target.literal && policy.mode !== 'none') folders.add('/');
    folders.add(absolutePath(workdir, target.text));
    last = absolutePath(last, target.text);
    folders.add(last);
    if (folders.size > MAX_FOLDERS) break;
  }
  return [...folders];
}

function folderTargets(argv: Argv): readonly ShellWord[] {
  const [program, ...words] = argv;
  if (program !== undefined && CHANGES_FOLDER.has(basename(program.text))) {
    return words.length === 0 ? [{ text: '~', literal: false }] : words;
  }
  return words.flatMap((word, index) => optionFolder(word, words[index + 1]));
}

function optionFolder(word: ShellWord, next: ShellWord | undefined): readonly ShellWord[] {
  const option = word.text.startsWith('-') ? FOLDER_OPTION.exec(word.text) : null;
  if (option === null) return [];
  if (option[1]) return [{ text: option[1], literal: word.literal }];
  return next === undefined ? [] : [next];
}

function denyPath(part: string, what: string, workdir: string): Denial {
  return deny(
    'command.paths',
    part,
    `${what} (working directory ${workdir})`,
    'Use another path or workdir. MCP_DOCKER_DENIED_PATHS lists the denied paths.',
  );
}
