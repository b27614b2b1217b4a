import { statSync } from 'node:fs';

/** Where rootless Docker and Podman listen, below their user's runtime directory. */
const ROOTLESS = ['docker.sock', 'podman/podman.sock'];
/** A user's runtime directory, closed to all others. */
const RUNTIME_DIRECTORY = /^(?:\/var)?\/run\/user\/(\d+)\//;
const DENIED: ReadonlySet<string> = new Set(['EACCES', 'EPERM']);

/** As XDG_RUNTIME_DIR, which clients often do not hand on to their servers. */
function ownRuntimeDirectory(): string | undefined {
  const uid = process.getuid?.();
  return uid === undefined ? undefined : `/run/user/${uid}`;
}

function isSocket(path: string): boolean {
  try {
    return statSync(path).isSocket();
  } catch {
    return false;
  }
}

function rootlessHint(path: string, denied: boolean): string | undefined {
  const owner = RUNTIME_DIRECTORY.exec(path)?.[1];
  if (owner === undefined) return undefined;
  if (denied)
    return `It is the rootless engine of the user ${owner} and for that user alone: run this server as that user, or use an engine of your own.`;
  return 'Start the rootless engine: `systemctl --user start docker`, or for Podman `systemctl --user start podman.socket`.';
}

/**
 * What to do about a unix socket that a connection to failed with `code`, as far as this machine's files tell: the Docker CLI does not
 * look for rootless engines by itself, and so neither does this server. Undefined: they tell nothing.
 */
export function socketHint(path: string, code: string, runtimeDirectory = ownRuntimeDirectory()): string | undefined {
  const candidates = runtimeDirectory === undefined ? [] : ROOTLESS.map((name) => `${runtimeDirectory}/${name}`);
  const [other] = candidates.filter((one) => one !== path && isSocket(one));
  if (other === undefined) return rootlessHint(path, DENIED.has(code));
  const choice = other.endsWith('/docker.sock') ? ', or choose its context with `docker context use rootless`' : '';
  const start = DENIED.has(code) ? 'A' : 'Start the engine there; or: a';
  return `${start} rootless engine of this user has its socket at ${other}: set DOCKER_HOST=unix://${other}${choice}.`;
}
