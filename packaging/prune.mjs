// Removes from dist/ what has no source any more, so that it is not packed. Runs after `npm run build`.
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));

for (const folder of ['src', 'workers']) {
  for (const path of readdirSync(join(root, 'dist', folder), { recursive: true })) {
    const source = /^(.*?)(?:\.d\.ts|\.js|\.js\.map)$/.exec(path)?.[1];
    if (source !== undefined && !existsSync(join(root, folder, `${source}.ts`)))
      rmSync(join(root, 'dist', folder, path));
  }
}
