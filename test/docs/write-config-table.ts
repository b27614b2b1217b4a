import { readFileSync, writeFileSync } from 'node:fs';
import { withConfigTable } from './config-table.ts';

/** Writes the table into README.md; with `--check` it only says (exit 1) that the table is out of date. */
const readme = new URL('../../README.md', import.meta.url);
const before = readFileSync(readme, 'utf8');
const after = withConfigTable(before);

if (!process.argv.includes('--check')) {
  writeFileSync(readme, after);
} else if (before !== after) {
  process.stderr.write(
    'README.md: the table of variables is out of date; run: npx tsx test/docs/write-config-table.ts\n',
  );
  process.exitCode = 1;
}
