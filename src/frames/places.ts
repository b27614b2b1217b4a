import { closeSync, openSync, readSync } from 'node:fs';

/** Where cmake-js (`-d native`) and node-gyp leave the module, below the package's root. */
export const BUILDS: readonly string[] = ['native/build/Release/demuxer.node', 'build/Release/demuxer.node'];

/** The program headers, which name the loader, stand at the beginning of an executable. */
const HEADER_BYTES = 4096;

/**
 * Whether this Node runs on musl: told by the loader its executable names. Asking what libc is installed would not do, since a
 * system can have both, and a module for the wrong one can bring the process down.
 */
function isMusl(): boolean {
  const file = openSync(process.execPath, 'r');
  try {
    const header = Buffer.alloc(HEADER_BYTES);
    return header.subarray(0, readSync(file, header)).includes('/ld-musl-');
  } finally {
    closeSync(file);
  }
}

/** The platform as the folders of `prebuilds` name it: `linux-x64`, `linux-arm64-musl`, `win32-x64`. */
export function platformName(): string {
  const name = `${process.platform}-${process.arch}`;
  return process.platform === 'linux' && isMusl() ? `${name}-musl` : name;
}

/** Where the published package has the module for this platform, if there is one. */
export function prebuildFor(platform = platformName()): string {
  return `prebuilds/${platform}/demuxer.node`;
}
