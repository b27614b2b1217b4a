import { describe, expect, it } from 'vitest';
import { printConfig } from '../../../src/cli/config-command.ts';
import type { Surroundings } from '../../../src/cli/surroundings.ts';
import { ConfigError } from '../../../src/config/fault.ts';
import { CONFIG_KEYS } from '../../../src/config/schema.ts';
import { surroundingsWith } from './surroundings.ts';

function printed(json: boolean, changes: Partial<Surroundings> = {}) {
  const { surroundings, output } = surroundingsWith(changes);
  const exitCode = printConfig(surroundings, json);
  return { exitCode, text: output() };
}

/** The cells of the line that starts with `name`. */
function row(text: string, name: string): string[] {
  const line = text.split('\n').find((candidate) => candidate.startsWith(`${name} `));
  return line?.split(/ {2,}/) ?? [];
}

describe('config', () => {
  it('shows every variable with its value and source, and the endpoint', () => {
    const { exitCode, text } = printed(false, { environment: { MCP_DOCKER_MAX_QUEUE: '7' } });
    expect(exitCode).toBe(0);
    expect(row(text, 'MCP_DOCKER_MAX_QUEUE')).toEqual(['MCP_DOCKER_MAX_QUEUE', '7', 'environment']);
    expect(row(text, 'MCP_DOCKER_MAX_BYTES')).toEqual(['MCP_DOCKER_MAX_BYTES', '1048576', 'default']);
    expect(row(text, 'MCP_DOCKER_TIMEOUT_MS')).toEqual(['MCP_DOCKER_TIMEOUT_MS', '(unset)', 'default']);
    expect(row(text, 'MCP_DOCKER_COMMAND_PATTERNS')[1]).toBe('(empty)');
    expect(row(text, 'MCP_DOCKER_DENIED_PATHS')[1]).toBe('/proc,/sys,/dev');
    expect(row(text, '(engine)')).toEqual(['(engine)', 'unix:///d.sock', 'default']);
    expect(text.trimEnd().split('\n')).toHaveLength(CONFIG_KEYS.length + 2);
  });

  it('shows a list with commas in its entries as JSON', () => {
    const { text } = printed(false, { environment: { MCP_DOCKER_COMMAND_PATTERNS: '["^a{1,2}$"]' } });
    expect(row(text, 'MCP_DOCKER_COMMAND_PATTERNS')[1]).toBe('["^a{1,2}$"]');
  });

  it.each([false, true])('masks a password (json: %s)', (json) => {
    const { text } = printed(json, { environment: { DOCKER_HOST: 'ssh://me:hunter2@host' } });
    expect(text).toContain('ssh://me:***@host');
    expect(text).not.toContain('hunter2');
  });

  it('speaks JSON to scripts', () => {
    const { exitCode, text } = printed(true, { environment: { MCP_DOCKER_ALLOWED_CONTAINERS: 'a,b' } });
    const parsed = JSON.parse(text);
    expect(exitCode).toBe(0);
    expect(parsed.endpoint).toEqual({ description: 'unix:///d.sock', source: 'default' });
    expect(parsed.variables['MCP_DOCKER_ALLOWED_CONTAINERS']).toEqual({ value: ['a', 'b'], source: 'environment' });
    expect(parsed.variables['MCP_DOCKER_TIMEOUT_MS']).toEqual({ value: null, source: 'default' });
    expect(Object.keys(parsed.variables)).toHaveLength(CONFIG_KEYS.length);
  });

  it('shows every fault instead, and exits as the server would', () => {
    const environment = { MCP_DOCKER_AUDIT: 'x', MCP_DOCKER_SECURITY: 'y' };
    const { exitCode, text } = printed(false, { environment });
    expect(exitCode).toBe(2);
    expect(text).toMatch(/^MCP_DOCKER_SECURITY: .*\nMCP_DOCKER_AUDIT: .*\n$/);
    expect(JSON.parse(printed(true, { environment }).text).faults).toHaveLength(2);
  });

  it('shows an endpoint that cannot be used as a fault', () => {
    const fault = { name: 'DOCKER_CONTEXT', expected: 'an existing context', given: 'x' };
    const resolveEndpoint = () => {
      throw new ConfigError([fault]);
    };
    const { exitCode, text } = printed(false, { resolveEndpoint });
    expect({ exitCode, text }).toEqual({
      exitCode: 2,
      text: 'DOCKER_CONTEXT: expected an existing context, got "x"\n',
    });
  });
});
