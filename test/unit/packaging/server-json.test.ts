import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import manifest from '../../../package.json' with { type: 'json' };
import server from '../../../server.json' with { type: 'json' };
import { CONFIG_KEYS, factsOf } from '../../../src/config/schema.ts';

/** What the MCP registry demands of a server that npm has, beyond its JSON schema too. */
const registered = z.strictObject({
  $schema: z.url(),
  name: z.string().regex(/^[a-zA-Z0-9.-]+\/[a-zA-Z0-9._-]+$/),
  title: z.string().min(1).max(100),
  description: z.string().min(1).max(100),
  repository: z.strictObject({ url: z.url(), source: z.literal('github') }).optional(),
  version: z.string().regex(/^\d+\.\d+\.\d+$/),
  packages: z.tuple([
    z.strictObject({
      registryType: z.literal('npm'),
      identifier: z.string(),
      version: z.string(),
      runtimeHint: z.literal('npx'),
      transport: z.strictObject({ type: z.literal('stdio') }),
      environmentVariables: z.array(z.strictObject({ name: z.string(), description: z.string() })),
    }),
  ]),
});

describe('server.json', () => {
  it('is what the registry accepts', () => {
    expect(registered.safeParse(server)).toMatchObject({ success: true });
  });

  it('is about the package, which says the same name for itself', () => {
    const { name, version, packages } = registered.parse(server);
    expect([name, version]).toEqual([manifest.mcpName, manifest.version]);
    expect(packages[0]).toMatchObject({ identifier: manifest.name, version: manifest.version });
  });

  it('has every variable', () => {
    const names = server.packages.flatMap(({ environmentVariables }) => environmentVariables.map(({ name }) => name));
    expect(names).toEqual(CONFIG_KEYS.map((key) => factsOf(key).name));
  });
});
