import { execFile } from 'node:child_process';
import { cp, mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { z } from 'zod';
import { COMMANDS } from '../docs/commands.ts';

export const run = promisify(execFile);

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
/** What packing reads; the native module that is built already is not built again. */
const SOURCES = [
  ...['package.json', 'tsconfig.json', 'tsconfig.build.json', 'README.md', 'LICENSE'],
  ...['src', 'workers', 'native', 'packaging'],
];

const reportShape = z.tuple([
  z.object({
    filename: z.string(),
    unpackedSize: z.number(),
    files: z.array(z.object({ path: z.string(), size: z.number() })),
  }),
]);

export interface Packed {
  /** A temporary folder, the caller's to remove. */
  readonly folder: string;
  /** The copy of this checkout in it. */
  readonly checkout: string;
  readonly tarball: string;
  /** Bytes of all files together. */
  readonly unpackedSize: number;
  readonly paths: readonly string[];
}

/** What `npm pack` makes of a copy of this checkout: dist/ is not rebuilt under other tests. */
export async function pack(): Promise<Packed> {
  const folder = await mkdtemp(join(tmpdir(), 'package-'));
  try {
    return await packIn(folder);
  } catch (thrown) {
    await rm(folder, { recursive: true });
    throw thrown;
  }
}

async function packIn(folder: string): Promise<Packed> {
  const copy = join(folder, 'checkout');
  for (const name of SOURCES) {
    await cp(join(ROOT, name), join(copy, name), { recursive: true, preserveTimestamps: true });
  }
  await symlink(join(ROOT, 'node_modules'), join(copy, 'node_modules'));
  const { stdout } = await run('sh', ['-c', `${COMMANDS.pack.line} --json --foreground-scripts=false`], { cwd: copy });
  const [{ filename, unpackedSize, files }] = reportShape.parse(JSON.parse(stdout));
  return { folder, checkout: copy, tarball: join(copy, filename), unpackedSize, paths: files.map(({ path }) => path) };
}
