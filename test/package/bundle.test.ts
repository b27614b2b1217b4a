import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { getMcpConfigForManifest, unpackExtension, v0_3 } from '@anthropic-ai/mcpb';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { beforeAll, expect, it, onTestFinished } from 'vitest';
import { bundleManifest } from '../../packaging/claude-desktop.ts';
import { TOOL_NAMES } from '../../src/observe/events.ts';
import { useEngine } from '../engine/use.ts';
import { type Packed, pack, run } from './pack.ts';

const engine = useEngine();
const ROOT = fileURLToPath(new URL('../../', import.meta.url));

let packed: Packed;
beforeAll(async () => {
  packed = await pack();
  return () => rm(packed.folder, { recursive: true });
});

it('the manifest names every tool', () => {
  expect(bundleManifest().tools?.map(({ name }) => name)).toEqual([...TOOL_NAMES]);
});

it('the bundle for Claude Desktop starts as its manifest says, and does its job', { timeout: 60_000 }, async () => {
  const bundle = join(packed.folder, 'mcp-docker-exec.mcpb');
  await run('npm', ['run', '--silent', 'bundle', '--', packed.tarball, bundle], { cwd: ROOT });
  const extension = join(packed.folder, 'extension');
  expect(await unpackExtension({ mcpbPath: bundle, outputDir: extension, silent: true })).toBe(true);
  const manifest = v0_3.McpbManifestSchema.parse(JSON.parse(await readFile(join(extension, 'manifest.json'), 'utf8')));
  const config = await getMcpConfigForManifest({
    manifest,
    extensionPath: extension,
    systemDirs: {},
    userConfig: { docker_host: engine.dockerHost },
    pathSeparator: '/',
  });
  if (config === undefined) throw new Error('The manifest does not say how to start');
  const { PATH = '' } = process.env;
  const { command, args = [], env = {} } = config;
  const client = new Client({ name: 'desktop', version: '1.0.0' });
  onTestFinished(() => client.close());
  await client.connect(new StdioClientTransport({ command, args, env: { PATH, ...env }, stderr: 'ignore' }));
  const { id } = await engine.run();
  const result = await client.callTool({ name: 'docker_exec', arguments: { id, cmd: ['echo', 'from the bundle'] } });
  expect(result.structuredContent).toMatchObject({ outcome: 'exited', exitCode: 0, stdout: 'from the bundle\n' });
});
