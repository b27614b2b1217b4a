import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { CONFIG_KEYS, factsOf } from '../../../src/config/schema.ts';
import { configTable } from '../../../src/config/table.ts';
import { GENERATED } from '../../docs/generated.ts';
import { withSection } from '../../docs/section.ts';

describe('the table of variables', () => {
  it('has one row for every variable, each with four cells', () => {
    const rows = configTable().split('\n').slice(2);
    expect(rows.map((row) => row.split('`')[1])).toEqual(CONFIG_KEYS.map((key) => factsOf(key).name));
    expect(rows.map((row) => row.split(/(?<!\\)\|/).length)).toEqual(CONFIG_KEYS.map(() => 6));
  });
});

describe('the generated parts of documents', () => {
  it.each(GENERATED)('of $path are as the code makes them (else run: node test/run.mjs docs)', ({ path, renew }) => {
    const document = readFileSync(new URL(`../../../${path}`, import.meta.url), 'utf8');
    expect(document).toBe(renew(document));
  });

  it('replace what stood between their markers, and nothing else', () => {
    const document = 'before\n<!-- x:begin -->\nold\n<!-- x:end -->\nafter\n';
    const written = withSection(document, 'x', 'new');
    expect(written).toBe('before\n<!-- x:begin -->\n\nnew\n\n<!-- x:end -->\nafter\n');
    expect(withSection(written, 'x', 'new')).toBe(written);
  });

  it('are refused a place where a document has no markers', () => {
    expect(() => withSection('# title\n', 'x', 'new')).toThrow('x:begin');
  });
});
