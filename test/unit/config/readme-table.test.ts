import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { CONFIG_KEYS, factsOf } from '../../../src/config/schema.ts';
import { configTable } from '../../../src/config/table.ts';
import { withConfigTable } from '../../docs/config-table.ts';

describe('the table of variables', () => {
  it('stands in README.md as it is generated (else run: npx tsx test/docs/write-config-table.ts)', () => {
    const readme = readFileSync(new URL('../../../README.md', import.meta.url), 'utf8');
    expect(readme).toBe(withConfigTable(readme));
  });

  it('has one row for every variable, each with four cells', () => {
    const rows = configTable().split('\n').slice(2);
    expect(rows.map((row) => row.split('`')[1])).toEqual(CONFIG_KEYS.map((key) => factsOf(key).name));
    expect(rows.map((row) => row.split(/(?<!\\)\|/).length)).toEqual(CONFIG_KEYS.map(() => 6));
  });

  it('replaces what stood between the markers, and nothing else', () => {
    const document = 'before\n<!-- config:begin -->\nold\n<!-- config:end -->\nafter\n';
    const written = withConfigTable(document);
    expect(written).toContain(configTable());
    expect(written).not.toContain('old');
    expect(written).toMatch(/^before\n[\s\S]*\nafter\n$/);
    expect(withConfigTable(written)).toBe(written);
  });

  it('is refused a place where a document has no markers', () => {
    expect(() => withConfigTable('# title\n')).toThrow('config:begin');
  });
});
