import { describe, expect, it } from 'vitest';
import { parseArguments } from '../../../src/cli/arguments.ts';

const HASH = '0a'.repeat(32);

describe('arguments', () => {
  it.each([
    [[], { kind: 'serve' }],
    [['doctor'], { kind: 'doctor' }],
    [['config'], { kind: 'config', json: false }],
    [['config', '--json'], { kind: 'config', json: true }],
    [['--json', 'config'], { kind: 'config', json: true }],
    [['--version'], { kind: 'version' }],
    [['-v'], { kind: 'version' }],
    [['--help'], { kind: 'help' }],
    [['-h'], { kind: 'help' }],
    [['doctor', '--help'], { kind: 'help' }],
    [['audit', 'verify', 'a.jsonl'], { kind: 'audit', file: 'a.jsonl' }],
    [['audit', 'verify', 'f', '--after', HASH], { kind: 'audit', file: 'f', after: HASH }],
    [['init', 'cursor'], { kind: 'init', client: 'cursor', write: false, global: false }],
    [['init', 'vscode', '--write'], { kind: 'init', client: 'vscode', write: true, global: false }],
    [['init', '--global', 'claude', '--write'], { kind: 'init', client: 'claude', write: true, global: true }],
  ])('%j', (argv, command) => {
    expect(parseArguments(argv)).toEqual(command);
  });

  it.each([
    [['serve'], 'unknown command "serve"'],
    [['--port', '1'], "'--port'"],
    [['-x'], "'-x'"],
    [['--json'], '--json belongs to the config command'],
    [['doctor', '--json'], '--json belongs to the config command'],
    [['config', 'all'], 'unexpected argument "all"'],
    [['config', '--json=1'], '--json'],
    [['audit'], 'expected audit verify FILE'],
    [['audit', 'check', 'f'], 'expected audit verify FILE'],
    [['audit', 'verify'], 'expected audit verify FILE'],
    [['audit', 'verify', 'f', 'g'], 'unexpected argument "g"'],
    [['audit', 'verify', 'f', '--after', 'x'], '--after: expected 64 hex digits'],
    [['doctor', '--after', HASH], '--after belongs to the audit command'],
    [['init'], 'expected init cursor|vscode|claude'],
    [['init', 'emacs'], 'expected init cursor|vscode|claude'],
    [['init', 'cursor', 'x'], 'unexpected argument "x"'],
    [['--write'], '--write belongs to the init command'],
    [['doctor', '--global'], '--global belongs to the init command'],
    [['a\nb'], 'unknown command "a\\nb"'],
  ])('%j is a mistake, told in one line with a pointer to --help', (argv, reason) => {
    const command = parseArguments(argv);
    if (command.kind !== 'mistake') throw new Error(`Taken for ${command.kind}`);
    expect(command.message).toContain(reason);
    expect(command.message).toMatch(/^mcp-docker-exec: .*\(see mcp-docker-exec --help\)$/);
  });
});
