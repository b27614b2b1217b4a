import { readFileSync, writeFileSync } from 'node:fs';
import { GENERATED } from './generated.ts';

/** Writes the generated parts of the documents; with `--check` it only says (exit 1) which are out of date. */
const isCheck = process.argv.includes('--check');

for (const { path, renew } of GENERATED) {
  const file = new URL(`../../${path}`, import.meta.url);
  const before = readFileSync(file, 'utf8');
  const after = renew(before);
  if (before === after) continue;
  if (isCheck) {
    process.stderr.write(`${path}: a generated part is out of date; run: node test/run.mjs docs\n`);
    process.exitCode = 1;
  } else {
    writeFileSync(file, after);
  }
}
