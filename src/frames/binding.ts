import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Demuxer, DemuxerOptions } from './demuxer.ts';
import { BUILDS, prebuildFor } from './places.ts';

/** What the native module exports. */
export interface NativeBinding {
  readonly Demuxer: new (options: DemuxerOptions) => Demuxer;
  /** Missing in a module that was built before there was one. */
  readonly unreadBytes?: UnreadBytes;
}

/**
 * How many bytes that were written to `fd`, a pipe or Unix socket, its reader has not read: at least as many as there are,
 * and 0 only where there are none. Undefined where the system does not tell (native/unread.h).
 */
export type UnreadBytes = (fd: number) => number | undefined;

/** This file runs from `src/frames` and from `dist/src/frames`: the root is where the package's own manifest is. */
function packageRoot(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'package.json'))) {
    const parent = dirname(folder);
    if (parent === folder) throw new Error('The package.json of mcp-docker-exec was not found');
    folder = parent;
  }
  return folder;
}

/** A checkout's own build, which is newer than what it packed before, else the one the package came with. */
function findModule(root: string): string | undefined {
  const isThere = (path: string) => existsSync(path);
  const built = BUILDS.map((place) => join(root, place)).find(isThere);
  return built ?? [join(root, prebuildFor())].find(isThere);
}

/**
 * The native module, or undefined where there is none for this platform. One that is there and cannot be loaded (built
 * for another platform, damaged) is an error, not an absence: it would hide a broken installation.
 */
export function loadBinding(root: string = packageRoot()): NativeBinding | undefined {
  const path = findModule(root);
  return path === undefined ? undefined : loadModule(path);
}

function loadModule(path: string): NativeBinding {
  const exported: unknown = createRequire(import.meta.url)(path);
  if (isBinding(exported)) return exported;
  throw new Error(`${path} is not the native module of mcp-docker-exec`);
}

function isBinding(exported: unknown): exported is NativeBinding {
  return typeof exported === 'object' && exported !== null && 'Demuxer' in exported;
}
