import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';

/** A program named ssh that takes as long to log in as the test wants, first on this process's PATH. */
export interface FakeSsh {
  /** Lets logins come to their end: with an engine behind them, or with a sentence and ssh's exit code. */
  open(failure?: string): void;
  /** The process ids of all that were started, in order. */
  started(): readonly number[];
  remove(): void;
}

export function fakeSsh(): FakeSsh {
  const folder = mkdtempSync(join(tmpdir(), 'fake-ssh-'));
  const file = (name: string): string => join(folder, name);
  const lines = [
    '#!/bin/sh',
    `echo $$ >> ${file('started')}`,
    `until [ -e ${file('open')} ]; do sleep 0.02; done`,
    `[ -s ${file('open')} ] && { cat ${file('open')} >&2; exit 255; }`,
    "read -r line && printf 'HTTP/1.1 200 OK\\r\\n\\r\\n'",
    'exec cat',
  ];
  writeFileSync(file('ssh'), `${lines.join('\n')}\n`);
  chmodSync(file('ssh'), 0o755);
  const before = process.env['PATH'] ?? '';
  process.env['PATH'] = `${folder}${delimiter}${before}`;
  return {
    open: (failure = '') => writeFileSync(file('open'), failure),
    // Lines that are whole: a program may be writing its own.
    started: () =>
      existsSync(file('started')) ? readFileSync(file('started'), 'utf8').split('\n').slice(0, -1).map(Number) : [],
    remove: () => {
      process.env['PATH'] = before;
      rmSync(folder, { recursive: true });
    },
  };
}
