import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { ConfigError } from '../config/fault.ts';

/** The context that is none: the Docker CLI's name for its built-in address and DOCKER_HOST. */
export const DEFAULT_CONTEXT = 'default';

export interface DockerContext {
  /** Address of the engine, '' for the default one. */
  readonly host: string;
  readonly skipTlsVerify: boolean;
  /** Directory of the context's own ca.pem, cert.pem and key.pem; need not exist. */
  readonly tlsDirectory: string;
}

const configFile = z.object({ currentContext: z.string().optional() });

const metaFile = z.object({
  Endpoints: z.object({
    docker: z.object({ Host: z.string().default(''), SkipTLSVerify: z.boolean().default(false) }),
  }),
});

/** The file's content by `schema`, undefined where there is no such file. */
function readJson<Content>(path: string, schema: z.ZodType<Content>, expected: string): Content | undefined {
  try {
    return schema.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch (thrown) {
    if (thrown instanceof Error && 'code' in thrown && thrown.code === 'ENOENT') return undefined;
    const detail = thrown instanceof z.ZodError ? z.prettifyError(thrown) : String(thrown);
    throw new ConfigError([{ name: path, expected, detail }]);
  }
}

/** Path of the Docker configuration, the file `docker context use` writes to. */
export function dockerConfigFile(dockerConfig: string): string {
  return join(dockerConfig, 'config.json');
}

/**
 * The context chosen with `docker context use`, if any. A file that cannot be read is a ConfigError here (the Docker
 * CLI goes on with a warning): commands must not run on another engine than the one meant.
 */
export function readCurrentContext(dockerConfig: string): string | undefined {
  const content = readJson(dockerConfigFile(dockerConfig), configFile, "the Docker CLI's configuration, JSON");
  return content?.currentContext === '' ? undefined : content?.currentContext;
}

/** Reads a context from the store `docker context create` writes; ConfigError where there is none of that name. */
export function readContext(dockerConfig: string, name: string, origin: string): DockerContext {
  const id = createHash('sha256').update(name).digest('hex');
  const path = join(dockerConfig, 'contexts', 'meta', id, 'meta.json');
  const meta = readJson(path, metaFile, "a Docker context's metadata, JSON");
  if (meta === undefined) {
    const expected = 'the name of an existing Docker context (see `docker context ls`)';
    throw new ConfigError([{ name: origin, expected, given: name, detail: `there is no ${path}` }]);
  }
  const { Host: host, SkipTLSVerify: skipTlsVerify } = meta.Endpoints.docker;
  return { host, skipTlsVerify, tlsDirectory: join(dockerConfig, 'contexts', 'tls', id, 'docker') };
}
