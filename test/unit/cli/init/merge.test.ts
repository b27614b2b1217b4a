import { describe, expect, it } from 'vitest';
import { mergeEntry } from '../../../../src/cli/init/merge.ts';

const entry = { command: 'npx', args: ['-y', 'mcp-docker-exec'] };
const addition = { key: 'mcpServers', name: 'docker', entry };

function added(text: string): string {
  const merged = mergeEntry(text, addition);
  if (merged.kind !== 'added') throw new Error(`Not added, but ${JSON.stringify(merged)}`);
  return merged.text;
}

describe('an entry is added', () => {
  it.each(['', ' \n', '{}', '{ "mcpServers": {} }', '\ufeff{}'])('to %j', (text) => {
    const result = added(text);
    expect(result.startsWith('\ufeff')).toBe(text.startsWith('\ufeff'));
    expect(JSON.parse(result.replace('\ufeff', ''))).toEqual({ mcpServers: { docker: entry } });
    expect(result).toMatch(/\}\n$/);
  });

  it('beside other servers, indented as the file is', () => {
    const text =
      '{\n    "theme": "dark",\n    "mcpServers": {\n        "other": { "url": "http://x" }\n    },\n    "z": [1,2]\n}\n';
    const result = added(text);
    expect(JSON.parse(result)).toEqual({
      theme: 'dark',
      mcpServers: { other: { url: 'http://x' }, docker: entry },
      z: [1, 2],
    });
    for (const line of ['\n    "theme": "dark",\n', '\n    "z": [1,2]\n']) expect(result).toContain(line);
    expect(result).toContain('\n        "docker": {\n            "command": "npx",');
  });

  it('among comments and trailing commas, which stay', () => {
    const text = '// mine\n{\n\t/* all */\n\t"mcpServers": {\n\t\t"a": {}, // first\n\t},\n}\n';
    const result = added(text);
    for (const comment of ['// mine', '/* all */', '// first']) expect(result).toContain(comment);
    expect(result).toMatch(/\n\t\t"docker": \{/);
    expect(mergeEntry(result, addition)).toEqual({ kind: 'present' });
  });

  it('with the line ends the file has', () => {
    expect(added('{\r\n  "mcpServers": {\r\n  }\r\n}\r\n').replaceAll('\r\n', '')).not.toContain('\n');
  });
});

describe('an entry is not added', () => {
  it('where the same is there, however it is written', () => {
    const text = `{"mcpServers":{"docker":{"args":["-y","mcp-docker-exec"],"command":"npx"}}}`;
    expect(mergeEntry(text, addition)).toEqual({ kind: 'present' });
  });

  it.each([
    ['{"mcpServers":{"docker":{"command":"other"}}}', 'another server named "docker"'],
    [`{"mcpServers":{"docker":{"command":"npx","args":["-y","mcp-docker-exec"],"env":{"A":"b"}}}}`, 'another server'],
    ['{"mcpServers":{"docker":null}}', 'another server'],
    ['{"mcpServers":[]}', '"mcpServers" is not an object'],
    ['{"mcpServers":"x"}', '"mcpServers" is not an object'],
    ['[]', 'not a JSON object'],
    ['null', 'not a JSON object'],
    ['{"a": 1,\n "b" 2}', 'not JSON (line 2: '],
    ['{"mcpServers": {', 'not JSON (line 1: '],
    ['{"mcpServers":{"a":{}},"mcpServers":{"b":{}}}', 'cannot be edited safely'],
  ])('to %s', (text, reason) => {
    expect(mergeEntry(text, addition)).toEqual({ kind: 'refused', reason: expect.stringContaining(reason) });
  });
});
