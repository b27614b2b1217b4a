// Puts this platform's native demuxer where the published package has it: prebuilds/<platform>-<arch>[-musl]/demuxer.node.
// Runs before npm packs, after `npm run build` has built it; a package without one would leave this platform to the JavaScript demuxer.
import { copyFileSync, existsSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { BUILDS, prebuildFor } from '../dist/src/frames/places.js';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const built = BUILDS.map((place) => join(root, place)).find((path) => existsSync(path));

if (built === undefined) {
  process.stderr.write('There is no native module to pack: install a C++17 compiler and CMake.\n');
  process.exitCode = 1;
} else {
  const place = join(root, prebuildFor());
  mkdirSync(dirname(place), { recursive: true });
  copyFileSync(built, place);
}
