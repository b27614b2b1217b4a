import { CONFIG_KEYS, factsOf } from '../src/config/schema.ts';
import { MANIFEST, REPOSITORY_PAGE } from './manifest.ts';

const SCHEMA = 'https://static.modelcontextprotocol.io/schemas/2025-12-11/server.schema.json';

function variable({ name, doc, expected, shownDefault }: ReturnType<typeof factsOf>) {
  return { name, description: `${doc}; ${expected}; default: ${shownDefault}` };
}

/** The text of `server.json`, by which the MCP registry knows the package. */
export function serverJson(): string {
  const { mcpName, name, version } = MANIFEST;
  const server = {
    $schema: SCHEMA,
    name: mcpName,
    title: 'Docker exec and logs',
    description: 'Run commands and read logs in Docker containers: streamed, really stopped, guarded, audited.',
    ...(REPOSITORY_PAGE === undefined ? {} : { repository: { url: REPOSITORY_PAGE, source: 'github' } }),
    version,
    packages: [
      {
        registryType: 'npm',
        identifier: name,
        version,
        runtimeHint: 'npx',
        transport: { type: 'stdio' },
        environmentVariables: CONFIG_KEYS.map(factsOf).map(variable),
      },
    ],
  };
  return `${JSON.stringify(server, null, 2)}\n`;
}
