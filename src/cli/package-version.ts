import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { z } from 'zod';

const packageFile = z.object({ version: z.string() });

/** The nearest package.json above `directory`: how far up it is differs between a build and the sources. */
function nearestPackageFile(directory: string): string {
  const path = join(directory, 'package.json');
  if (existsSync(path)) return path;
  const parent = dirname(directory);
  if (parent === directory) throw new Error('There is no package.json above the program');
  return nearestPackageFile(parent);
}

/** The version of this package, as published. */
export function packageVersion(): string {
  return packageFile.parse(JSON.parse(readFileSync(nearestPackageFile(import.meta.dirname), 'utf8'))).version;
}
