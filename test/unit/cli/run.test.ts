import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { runSubCommand } from '../../../src/cli/run.ts';
import { CONFIG_KEYS, factsOf } from '../../../src/config/schema.ts';
import { surroundingsWith } from './surroundings.ts';

describe('--version', () => {
  it("prints the package's version", async () => {
    const { version } = JSON.parse(readFileSync(new URL('../../../package.json', import.meta.url), 'utf8'));
    const { surroundings, output } = surroundingsWith();
    expect(await runSubCommand({ kind: 'version' }, surroundings)).toBe(0);
    expect(output()).toBe(`${version}\n`);
  });
});

describe('--help', () => {
  it('names every command and every variable, even where the configuration is broken', async () => {
    const { surroundings, output } = surroundingsWith({ environment: { MCP_DOCKER_AUDIT: 'x' } });
    expect(await runSubCommand({ kind: 'help' }, surroundings)).toBe(0);
    const names = CONFIG_KEYS.map((key) => factsOf(key).name);
    for (const word of ['doctor', 'config', '--json', '--version', ...names]) expect(output()).toContain(word);
  });
});

describe('doctor and config', () => {
  it('give their exit codes', async () => {
    const { surroundings } = surroundingsWith({ environment: { MCP_DOCKER_AUDIT: 'x' } });
    expect(await runSubCommand({ kind: 'doctor' }, surroundings)).toBe(1);
    expect(await runSubCommand({ kind: 'config', json: false }, surroundings)).toBe(2);
  });
});
