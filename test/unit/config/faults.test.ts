import { describe, expect, it } from 'vitest';
import { ConfigError, faultLine } from '../../../src/config/fault.ts';
import { type Environment, loadConfig } from '../../../src/config/load.ts';

function lines(environment: Environment): string[] {
  const result = loadConfig(environment);
  return result.ok ? [] : result.faults.map(faultLine);
}

describe('a fault', () => {
  it('names the variable, what was expected and what was given', () => {
    expect(lines({ MCP_DOCKER_MAX_BYTES: '12' })).toEqual([
      'MCP_DOCKER_MAX_BYTES: expected a whole number from 1024 to 67108864, got "12"',
    ]);
  });

  it('says which entry of a list is wrong, and why', () => {
    const [patterns] = lines({ MCP_DOCKER_COMMAND_PATTERNS: '^ls,(' });
    expect(patterns).toContain('"(" does not compile: ');
    const [paths] = lines({ MCP_DOCKER_DENIED_PATHS: '/etc,var' });
    expect(paths).toMatch(/: "var" is not absolute$/);
  });

  it('is one line and short, whatever was given', () => {
    const [fault] = lines({ MCP_DOCKER_COMMAND_PATTERNS: `(\n${'x'.repeat(5000)}` });
    expect(fault).not.toContain('\n');
    expect(fault?.length).toBeLessThan(500);
  });
});

describe('all faults', () => {
  it('are reported at once: values, combinations and unknown names', () => {
    const found = lines({
      MCP_DOCKER_MAX_BYTES: 'x',
      MCP_DOCKER_AUDIT: 'x',
      MCP_DOCKER_DEFAULT_USER: 'root',
      MCP_DOCKER_WHATEVER: '1',
    });
    expect(found.map((line) => line.split(':')[0])).toEqual([
      'MCP_DOCKER_MAX_BYTES',
      'MCP_DOCKER_AUDIT',
      'MCP_DOCKER_DEFAULT_USER',
      'MCP_DOCKER_WHATEVER',
    ]);
    expect(found[2]).toContain('MCP_DOCKER_ALLOW_ROOT');
  });
});

describe('an unknown name', () => {
  it.each([
    ['MCP_DOCKER_TIMOUT_MS', 'MCP_DOCKER_TIMEOUT_MS'],
    ['MCP_DOCKER_MAX_BYTE', 'MCP_DOCKER_MAX_BYTES'],
    ['MCP_DOCKER_DENIED_PATH', 'MCP_DOCKER_DENIED_PATHS'],
    ['mcp_docker_audit', 'MCP_DOCKER_AUDIT'],
  ])('%s is answered with %s', (name, suggestion) => {
    expect(lines({ [name]: '5' })).toEqual([
      `${name}: expected a known MCP_DOCKER_* variable, got "5": unknown variable, did you mean ${suggestion}?`,
    ]);
  });

  it('far from any known one gets no guess', () => {
    expect(lines({ MCP_DOCKER_TEST_SOMETHING: '1' })).toEqual([
      'MCP_DOCKER_TEST_SOMETHING: expected a known MCP_DOCKER_* variable, got "1": unknown variable, see --help',
    ]);
  });

  it('is a fault even where it is empty', () => {
    expect(lines({ MCP_DOCKER_X: '' })).toHaveLength(1);
  });

  it.each(['MCP_DOCKER_API_TOKEN', 'MCP_DOCKER_PASSWORD', 'MCP_DOCKER_SSH_KEY'])(
    '%s does not show its value',
    (name) => {
      expect(lines({ [name]: 'hunter2' }).join()).not.toContain('hunter2');
    },
  );
});

describe('ConfigError', () => {
  it('has every fault as a line of its message', () => {
    const error = new ConfigError([
      { name: 'A', expected: 'b', given: 'c' },
      { name: 'D', expected: 'e', detail: 'f' },
    ]);
    expect(error.message).toBe('A: expected b, got "c"\nD: expected e: f');
  });
});
