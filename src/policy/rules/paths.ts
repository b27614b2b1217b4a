import type { Inside } from '../commands.ts';
import { basename } from '../look/look.ts';
import { absolutePath, deniedBy, deniedIn } from '../paths.ts';
import { type Denial, deny } from '../verdict.ts';
import type { ExecRule } from './rule.ts';

const CHANGES_FOLDER: ReadonlySet<string> = new Set(['cd', 'pushd', 'chdir']);

/** Every word is checked against every folder, so their number bounds the work. */
const MAX_FOLDERS = 32;

/**
 * MCP_DOCKER_DENIED_PATHS, in the working directory and in every word, relative ones against the working directory and against
 * every folder the command line changes to. A bare word counts: from `/`, `dev` is /dev.
 */
export const deniedPaths: ExecRule = (request, inside, policy) => {
  const workdir = absolutePath(request.container.workdir, request.workdir ?? '.');
  const held = deniedBy(workdir, policy.deniedPaths);
  if (held !== undefined) return denyPath(workdir, `${held} is a denied path`, workdir);
  const bases = [workdir, ...foldersChangedTo(inside, workdir)];
  if (bases.length > MAX_FOLDERS)
    return denyPath('cd', `More than ${MAX_FOLDERS} folders to check paths against`, workdir);
  for (const word of inside.words) {
    const hit = deniedIn(word, bases, policy.deniedPaths);
    if (hit !== undefined) return denyPath(word.text, `${hit} is a denied path`, workdir);
  }
  return undefined;
};

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
