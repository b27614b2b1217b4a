import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Demuxer, DemuxerOptions } from './demuxer.ts';

/** What the native module exports. */
export interface NativeBinding {
  readonly Demuxer: new (options: DemuxerOptions) => Demuxer;
}

/** Where cmake-js (`-d native`) and node-gyp leave the module, below the package's root. */
const PLACES = ['native/build/Release/demuxer.node', 'build/Release/demuxer.node'];

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

/**
 * The native module, or undefined where it was not built. One that is there and cannot be loaded (built for another
 * platform, damaged) is an error, not an absence: it would hide a broken installation.
 */
export function loadBinding(root: string = packageRoot()): NativeBinding | undefined {
  const path = PLACES.map((place) => join(root, place)).find((candidate) => existsSync(candidate));
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
