import { readFileSync } from 'node:fs';
import { z } from 'zod';

const shape = z.object({
  name: z.string(),
  mcpName: z.string(),
  version: z.string(),
  description: z.string(),
  license: z.string(),
  keywords: z.array(z.string()),
  engines: z.object({ node: z.string() }),
  bin: z.object({ 'mcp-docker-exec': z.string() }),
  repository: z.object({ url: z.string() }).optional(),
});

/** What package.json says of the package; read, not imported, as the release fills in where it is published from. */
export const MANIFEST = shape.parse(JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')));

/** The repository's page, once it is known: `git+https://host/owner/name.git` without what is git's. */
export const REPOSITORY_PAGE = MANIFEST.repository?.url.replace(/^git\+/, '').replace(/\.git$/, '');
