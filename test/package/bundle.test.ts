import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { getMcpConfigForManifest, unpackExtension, v0_3 } from '@anthropic-ai/mcpb';
import { beforeAll, expect, it } from 'vitest';
import { bundleManifest } from '../../packaging/claude-desktop.ts';
import { TOOL_NAMES } from '../../src/observe/events.ts';
import { COMMANDS } from '../docs/commands.ts';
import { useEngine } from '../engine/use.ts';
import { connectTo } from './entry.ts';
import { type Packed, pack, run } from './pack.ts';

const engine = useEngine();

let packed: Packed;
beforeAll(async () => {
  packed = await pack();
  return () => rm(packed.folder, { recursive: true });
});

it('the manifest names every tool', () => {
  expect(bundleManifest().tools?.map(({ name }) => name)).toEqual([...TOOL_NAMES]);
});

it('the bundle for Claude Desktop starts as its manifest says, and does its job', { timeout: 60_000 }, async () => {
  await run('sh', ['-c', COMMANDS.bundle.line], { cwd: packed.checkout });
  const bundle = join(packed.checkout, 'mcp-docker-exec.mcpb');
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
  const client = await connectTo(config);
  const { id } = await engine.run();
  const result = await client.callTool({ name: 'docker_exec', arguments: { id, cmd: ['echo', 'from the bundle'] } });
  expect(result.structuredContent).toMatchObject({ outcome: 'exited', exitCode: 0, stdout: 'from the bundle\n' });
});
