import type { McpbManifestAny } from '@anthropic-ai/mcpb';
import type { ToolName } from '../src/observe/events.ts';
import { MANIFEST, REPOSITORY_PAGE } from './manifest.ts';

const TOOLS: Readonly<Record<ToolName, string>> = {
  docker_exec: 'Run a command in a container',
  docker_logs: 'Read or follow a container log',
  docker_ps: 'List containers',
  docker_inspect: 'Inspect a container, image, network or volume',
  health: 'Say whether server and engine work',
};

/** In the bundle the package lies as npm installs it. */
const ENTRY_POINT = `node_modules/${MANIFEST.name}/${MANIFEST.bin['mcp-docker-exec']}`;

/** Stands for what the user chose in Claude Desktop's settings. */
function chosen(option: string): string {
  return `\${user_config.${option}}`;
}

/** The manifest of the bundle for Claude Desktop: https://github.com/modelcontextprotocol/mcpb/blob/main/MANIFEST.md */
export function bundleManifest(): McpbManifestAny {
  const { name, version, description, license, keywords, engines } = MANIFEST;
  return {
    manifest_version: '0.3',
    name,
    display_name: 'Docker exec and logs',
    version,
    description,
    author: { name: `${name} contributors` },
    ...(REPOSITORY_PAGE === undefined ? {} : { repository: { type: 'git', url: REPOSITORY_PAGE } }),
    license,
    keywords,
    server: {
      type: 'node',
      entry_point: ENTRY_POINT,
      mcp_config: {
        command: 'node',
        args: [`\${__dirname}/${ENTRY_POINT}`],
        env: {
          DOCKER_HOST: chosen('docker_host'),
          MCP_DOCKER_DEFAULT_USER: chosen('default_user'),
          MCP_DOCKER_ALLOWED_CONTAINERS: chosen('allowed_containers'),
        },
      },
    },
    tools: Object.entries(TOOLS).map(([tool, text]) => ({ name: tool, description: text })),
    compatibility: { platforms: ['darwin', 'win32', 'linux'], runtimes: { node: engines.node } },
    // Each default is what the server takes for "not set", as an option left alone is passed on too.
    user_config: {
      docker_host: {
        type: 'string',
        title: 'Docker engine',
        description: 'Its address, such as unix:///var/run/docker.sock; empty for the one the Docker CLI uses',
        default: '',
      },
      default_user: {
        type: 'string',
        title: 'User for commands',
        description: 'As user or user:group, where a command names none; empty for the container’s own, but never root',
        default: '',
      },
      allowed_containers: {
        type: 'string',
        title: 'Allowed containers',
        description: 'Comma-separated name patterns, or label:key=value',
        default: '*',
      },
    },
  };
}
