import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { CLIENT_NAMES } from '../../../src/cli/init/clients.ts';
import { COMMANDS } from '../../docs/commands.ts';
import { documents, everyBlock, inlineCode } from '../../docs/documents.ts';
import { useEngine } from '../../engine/use.ts';
import { startServer } from '../client.ts';
import { newcomer } from './newcomer.ts';

const engine = useEngine();

const inBlocks: readonly string[] = Object.values(COMMANDS).map(({ line }) => line);
/** Other commands of ours in running text alone: people type them as well. */
const spoken = [...new Set(documents.flatMap(inlineCode))].filter(
  (code) => /^mcp-docker-exec( |$)/.test(code) && !inBlocks.includes(code) && !code.includes(' init '),
);

describe('typed in an empty directory', () => {
  it(`${COMMANDS.init.line} writes what the README says to put there by hand`, async () => {
    const { directory, type } = newcomer(engine.dockerHost);
    expect(await type(COMMANDS.init.line)).toMatchObject({ code: 0, stderr: '' });
    const [byHand] = everyBlock.filter(({ path, text }) => path === 'README.md' && text.includes('"mcpServers"'));
    const written: unknown = JSON.parse(readFileSync(join(directory, '.cursor/mcp.json'), 'utf8'));
    expect(written).toEqual(JSON.parse(byHand?.text ?? ''));
  });

  it(`${COMMANDS.doctor.line} finds everything well`, async () => {
    const { code, stdout } = await newcomer(engine.dockerHost).type(COMMANDS.doctor.line);
    expect(stdout).toMatch(/\nThe server can work\.\n$/);
    expect(code).toBe(0);
  });

  it(`${COMMANDS.auditVerify.line} prints the last hash, and names the record that was edited`, async () => {
    const { directory, env, type } = newcomer(engine.dockerHost);
    const file = join(directory, 'audit.jsonl');
    const server = await startServer({ env: { ...env, MCP_DOCKER_AUDIT_FILE: file } });
    await server.call('docker_ps');
    await server.close();
    const text = readFileSync(file, 'utf8');
    const { code, stdout } = await type(COMMANDS.auditVerify.line);
    expect([code, stdout]).toEqual([0, expect.stringContaining(JSON.parse(text).hash)]);
    await type(`sed -i s/docker_ps/docker_pt/ ${file}`);
    expect(await type(COMMANDS.auditVerify.line)).toMatchObject({
      code: 1,
      stdout: expect.stringMatching(/^audit.jsonl:1: edited/),
    });
  });

  it.each(CLIENT_NAMES)('mcp-docker-exec init %s prints what a document shows', async (name) => {
    const { stdout } = await newcomer(engine.dockerHost).type(`mcp-docker-exec init ${name}`);
    const shown: readonly unknown[] = everyBlock
      .filter(({ language }) => language === 'json')
      .map(({ text }) => JSON.parse(text));
    expect(shown).toContainEqual(JSON.parse(stdout));
  });

  it.each(spoken)('%s ends well', async (line) => {
    expect(await newcomer(engine.dockerHost).type(line)).toMatchObject({ code: 0 });
  });
});
