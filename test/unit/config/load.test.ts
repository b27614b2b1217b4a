import { homedir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Environment, loadConfig } from '../../../src/config/load.ts';
import { CONFIG_KEYS, type Config, type ConfigKey, factsOf } from '../../../src/config/schema.ts';

interface Row {
  readonly name: string;
  readonly unset: unknown;
  readonly good: readonly (readonly [text: string, value: unknown])[];
  readonly bad: readonly string[];
}

function wholeNumber(name: string, unset: number | undefined, min: number, max: number): Row {
  const good = [min, max].map((value) => [String(value), value] as const);
  const malformed = ['abc', '-1', '+5', '1.5', '1e3', '0x10', ' 5', '5 ', '5k', '1_000', '٣', '9'.repeat(30)];
  const outside = [String(min - 1), String(max + 1)];
  return { name, unset, good, bad: [...malformed, ...outside] };
}

function boolean(name: string, unset: boolean): Row {
  const good = [
    ['true', true],
    ['1', true],
    ['false', false],
    ['0', false],
  ] as const;
  return { name, unset, good, bad: ['', 'yes', 'no', 'TRUE', 'on', '2', ' true'] };
}

function choice(name: string, unset: string, choices: readonly string[]): Row {
  const good = choices.map((value) => [value, value] as const);
  return { name, unset, good, bad: ['', 'other', unset.toUpperCase(), `${unset} `] };
}

function anyText(name: string, unset: unknown, example: string): Row {
  return {
    name,
    unset,
    good: [
      [example, example],
      ['', unset],
    ],
    bad: [],
  };
}

const ROWS: Readonly<Record<ConfigKey, Row>> = {
  dockerHost: anyText('DOCKER_HOST', undefined, 'tcp://10.0.0.1:2375'),
  dockerContext: anyText('DOCKER_CONTEXT', undefined, 'remote'),
  dockerTlsVerify: {
    name: 'DOCKER_TLS_VERIFY',
    unset: false,
    good: [
      ['1', true],
      ['0', true],
      ['false', true],
      ['', false],
    ],
    bad: [],
  },
  dockerCertPath: anyText('DOCKER_CERT_PATH', undefined, '/certs'),
  dockerConfig: anyText('DOCKER_CONFIG', join(homedir(), '.docker'), '/etc/docker-cli'),
  maxBytes: wholeNumber('MCP_DOCKER_MAX_BYTES', 1_048_576, 1024, 67_108_864),
  maxMessageBytes: wholeNumber('MCP_DOCKER_MAX_MESSAGE_BYTES', 8_388_608, 65_536, 10_485_760),
  chunkBytes: wholeNumber('MCP_DOCKER_CHUNK_BYTES', 16_384, 256, 1_048_576),
  maxConcurrent: wholeNumber('MCP_DOCKER_MAX_CONCURRENT', 10, 1, 1000),
  maxQueue: wholeNumber('MCP_DOCKER_MAX_QUEUE', 1000, 0, 100_000),
  timeoutMs: wholeNumber('MCP_DOCKER_TIMEOUT_MS', undefined, 1, 86_400_000),
  killGraceMs: wholeNumber('MCP_DOCKER_KILL_GRACE_MS', 2000, 0, 60_000),
  security: boolean('MCP_DOCKER_SECURITY', true),
  defaultUser: {
    name: 'MCP_DOCKER_DEFAULT_USER',
    unset: undefined,
    good: [
      ['1000', '1000'],
      ['app', 'app'],
      ['app:1000', 'app:1000'],
      ['2147483647:staff', '2147483647:staff'],
      ['_svc-1.x', '_svc-1.x'],
      ['', undefined],
    ],
    bad: [
      ...['0', '00', 'root', '0:0', '1000:0', '1000:00', 'app:root', 'root:root', '0:1000', 'root:1000'],
      ...[':0', ':', '1000:', ':1000', '1:2:3', '4294967296', '2147483648', '1000:4294967296', '9'.repeat(30)],
      ...['+0', '-0', '+1000', ' 0', '0 ', ' app', 'a b', '0x0', '1app', '٠', '0\n', 'app\n', '1000:+0', '1000: 0'],
    ],
  },
  allowRoot: boolean('MCP_DOCKER_ALLOW_ROOT', false),
  commandPolicyMode: { ...choice('MCP_DOCKER_COMMAND_POLICY_MODE', 'none', ['none']), bad: ['', 'None', 'deny'] },
  commandPatterns: {
    name: 'MCP_DOCKER_COMMAND_PATTERNS',
    unset: [],
    good: [
      ['^ls', ['^ls']],
      ['^ls, ^cat \\S+$', ['^ls', '^cat \\S+$']],
      ['["^a{1,3}$","^b"]', ['^a{1,3}$', '^b']],
      ['', []],
      ['[]', []],
    ],
    bad: ['(', 'ls,', ',', ' ', '(?=x)', '(a)\\1', '[a-z]+', '["a"', '[1]', '[""]', '["("]', '^a{1,3}$', '*'],
  },
  deniedPaths: {
    name: 'MCP_DOCKER_DENIED_PATHS',
    unset: ['/proc', '/sys', '/dev'],
    good: [
      ['/etc', ['/etc']],
      ['/etc/, /var//run/../lib', ['/etc', '/var/lib']],
      ['/', ['/']],
    ],
    bad: ['etc', './etc', '/etc,', '/etc,,/var', '~/x', '/etc,var'],
  },
  deniedFlags: {
    name: 'MCP_DOCKER_DENIED_FLAGS',
    unset: ['--privileged', '--pid=host', '--net=host'],
    good: [['--a, -b,--c=d', ['--a', '-b', '--c=d']]],
    bad: ['a', '-', '--', '--a,', '--a b', '---a'],
  },
  allowedContainers: {
    name: 'MCP_DOCKER_ALLOWED_CONTAINERS',
    unset: undefined,
    good: [
      ['web', ['web']],
      ['web-*, db?,[ab]x,[!c]*', ['web-*', 'db?', '[ab]x', '[!c]*']],
      ['label:team=red,web', ['label:team=red', 'web']],
      ['label:team=', ['label:team=']],
      ['label:com.example/x=a=b', ['label:com.example/x=a=b']],
    ],
    bad: ['', ',', 'web,', 'a b', '/web', '{a', '[a', 'a]', 'label:', 'label:x', 'label:=x', 'image:x', '!web', 'a|b'],
  },
  allowHostAccess: boolean('MCP_DOCKER_ALLOW_HOST_ACCESS', false),
  rateLimits: boolean('MCP_DOCKER_RATE_LIMITS', true),
  execPerMinute: wholeNumber('MCP_DOCKER_EXEC_PER_MINUTE', 60, 1, 1_000_000),
  logsPerMinute: wholeNumber('MCP_DOCKER_LOGS_PER_MINUTE', 30, 1, 1_000_000),
  audit: boolean('MCP_DOCKER_AUDIT', true),
  auditFile: anyText('MCP_DOCKER_AUDIT_FILE', undefined, '/var/log/audit.jsonl'),
  auditRetentionDays: wholeNumber('MCP_DOCKER_AUDIT_RETENTION_DAYS', 30, 1, 3650),
  auditOnError: choice('MCP_DOCKER_AUDIT_ON_ERROR', 'deny', ['deny', 'warn']),
  sanitize: choice('MCP_DOCKER_SANITIZE', 'none', ['none', 'ansi', 'strict']),
  metricsPort: wholeNumber('MCP_DOCKER_METRICS_PORT', undefined, 1, 65_535),
  logLevel: choice('MCP_DOCKER_LOG_LEVEL', 'info', ['debug', 'info', 'warn', 'error']),
  structuredLogs: boolean('MCP_DOCKER_STRUCTURED_LOGS', true),
  dryRun: boolean('MCP_DOCKER_DRY_RUN', false),
  native: choice('MCP_DOCKER_NATIVE', 'auto', ['auto', 'require', 'off']),
};

function loaded(environment: Environment): Config {
  const result = loadConfig(environment);
  if (!result.ok) throw new Error(`Unexpected faults: ${JSON.stringify(result.faults)}`);
  return result.config;
}

function faultyNames(environment: Environment): string[] {
  const result = loadConfig(environment);
  return result.ok ? [] : result.faults.map(({ name }) => name);
}

describe.each(CONFIG_KEYS)('%s', (key) => {
  const { name, unset, good, bad } = ROWS[key];

  it(`is ${name}, and its default is as documented`, () => {
    expect(factsOf(key).name).toBe(name);
    expect(loaded({})[key]).toEqual(unset);
  });

  it.each(good)('%j is %j', (text, value) => {
    expect(loaded({ [name]: text })[key]).toEqual(value);
  });

  it.each(bad)('%j is one fault of this variable', (text) => {
    expect(faultyNames({ [name]: text })).toEqual([name]);
  });
});

describe('empty text', () => {
  it.each(['MCP_DOCKER_TIMEOUT_MS', 'MCP_DOCKER_METRICS_PORT'])(
    '%s: the same as unset, which is its default',
    (name) => {
      expect(faultyNames({ [name]: '' })).toEqual([]);
    },
  );

  it.each(['MCP_DOCKER_MAX_BYTES', 'MCP_DOCKER_ALLOWED_CONTAINERS'])('%s: a fault', (name) => {
    expect(faultyNames({ [name]: '' })).toEqual([name]);
  });

  it.each(['', ' '])('of denied paths and flags, %j: none', (text) => {
    const config = loaded({ MCP_DOCKER_DENIED_PATHS: text, MCP_DOCKER_DENIED_FLAGS: text });
    expect([config.deniedPaths, config.deniedFlags]).toEqual([[], []]);
    expect(faultyNames({ MCP_DOCKER_DENIED_PATHS: '/etc,' })).toEqual(['MCP_DOCKER_DENIED_PATHS']);
  });
});

describe('sources', () => {
  it('tell what was set from what was not; an empty text that means unset was not', () => {
    const result = loadConfig({ MCP_DOCKER_MAX_QUEUE: '1000', MCP_DOCKER_AUDIT_FILE: '' });
    if (!result.ok) throw new Error('Unexpected faults');
    expect(result.sourceOf('maxQueue')).toBe('environment');
    expect(result.sourceOf('auditFile')).toBe('default');
    expect(result.sourceOf('maxBytes')).toBe('default');
  });
});

describe('combinations', () => {
  it.each(['root', '0', '1000:0'])('a default user %j is accepted where root is allowed', (user) => {
    expect(loaded({ MCP_DOCKER_DEFAULT_USER: user, MCP_DOCKER_ALLOW_ROOT: '1' }).defaultUser).toBe(user);
  });

  it.each(['allowlist', 'denylist'])('%s may have no patterns', (mode) => {
    const environment = { MCP_DOCKER_COMMAND_POLICY_MODE: mode };
    expect(loaded(environment)).toMatchObject({ commandPolicyMode: mode, commandPatterns: [] });
    expect(loaded({ ...environment, MCP_DOCKER_COMMAND_PATTERNS: '' }).commandPatterns).toEqual([]);
  });

  it('are not judged over a variable that could not be read', () => {
    const environment = { MCP_DOCKER_COMMAND_POLICY_MODE: 'allowlist', MCP_DOCKER_COMMAND_PATTERNS: '(' };
    expect(faultyNames(environment)).toEqual(['MCP_DOCKER_COMMAND_PATTERNS']);
    expect(faultyNames({ MCP_DOCKER_DEFAULT_USER: '0', MCP_DOCKER_ALLOW_ROOT: 'yes' })).toEqual([
      'MCP_DOCKER_ALLOW_ROOT',
    ]);
  });
});

describe('the configuration', () => {
  it('cannot be changed later', () => {
    expect(Object.isFrozen(loaded({}))).toBe(true);
  });

  it('ignores variables that are not its own', () => {
    expect(faultyNames({ PATH: '/bin', MCP_TIMEOUT: 'x', DOCKER_BUILDKIT: '1' })).toEqual([]);
  });
});
