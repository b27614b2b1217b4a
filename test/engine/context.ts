import { createHash } from 'node:crypto';
import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Pair } from './certificates.ts';

/** Adds a context to a store as `docker context create` does; returns the store, as DOCKER_CONFIG. */
export function createContext(store: string, name: string, host: string, tls?: Pair & { readonly ca: string }): string {
  const id = createHash('sha256').update(name).digest('hex');
  const meta = join(store, 'contexts', 'meta', id);
  mkdirSync(meta, { recursive: true });
  const endpoint = { Host: host, SkipTLSVerify: false };
  writeFileSync(join(meta, 'meta.json'), JSON.stringify({ Name: name, Metadata: {}, Endpoints: { docker: endpoint } }));
  if (tls !== undefined) copyTls(join(store, 'contexts', 'tls', id, 'docker'), tls);
  return store;
}

function copyTls(folder: string, { ca, cert, key }: Pair & { readonly ca: string }): void {
  mkdirSync(folder, { recursive: true });
  for (const [name, file] of Object.entries({ ca, cert, key })) copyFileSync(file, join(folder, `${name}.pem`));
}
