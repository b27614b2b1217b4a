import type { Argv } from './look/finding.ts';
import { basename } from './look/look.ts';
import type { ShellWord } from './shell.ts';

/** Programs whose plain words name files: with them `cat proc` from `/` reads /proc, as `npm run dev` does not read /dev. */
const FILE_PROGRAMS: ReadonlySet<string> = new Set(
  [
    'awk base64 bat bzip2 cat cd chattr chdir chgrp chmod chown cksum cmp comm cp cpio csplit cut dd df diff du ed egrep ex',
    'expand fgrep file find fold fuser gawk getfattr grep gunzip gzip head hexdump install join less link ln ls lsattr lsof',
    'md5sum mkdir mkfifo mknod more mount mv nano nl od paste pr pushd readlink realpath rename rg rm rmdir rsync scp sed',
    'sha1sum sha224sum sha256sum sha384sum sha512sum shred shuf sort source split stat strings sum tac tail tar tee touch',
    'tree truncate umount uniq unlink unzip vi view vim wc xxd xz zcat zip .',
    // Keeps words for a later command to use: `set -- proc; cat "$1"`.
    'set',
  ].flatMap((names) => names.split(' ')),
);
const SHELLS: ReadonlySet<string> = new Set(['sh', 'bash', 'ash', 'dash', 'ksh', 'mksh', 'zsh']);

/** The words of `argv` that may name a file without a slash in them; all of them where its program is computed at run time. */
export function fileWords(argv: Argv): readonly ShellWord[] {
  const [program, ...words] = argv;
  if (program === undefined) return [];
  return !program.literal || takesFiles(basename(program.text), words) ? words : [];
}

/** A shell reads the file it is given, unless it is given the text itself. */
function takesFiles(name: string, words: readonly ShellWord[]): boolean {
  if (SHELLS.has(name)) return !words.some(({ text }) => /^-[^-]*c/.test(text));
  return FILE_PROGRAMS.has(name);
}
