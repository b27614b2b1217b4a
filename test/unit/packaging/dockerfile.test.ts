import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import manifest from '../../../package.json' with { type: 'json' };

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const read = (path: string) => readFileSync(`${ROOT}${path}`, 'utf8');

/** Each stage's instructions, without comments. */
const stages = read('Dockerfile')
  .replace(/^#.*\n/gm, '')
  .split(/^(?=FROM )/m)
  .filter((stage) => stage.startsWith('FROM '))
  .map((stage) => stage.split('\n').filter((line) => line !== ''));

const [build = [], final = []] = stages;

/** What is copied out of the checkout. */
const copied = build.flatMap((line) => /^COPY (?!--)(.*) \S+$/.exec(line)?.[1]?.split(' ') ?? []);

describe('the Dockerfile', () => {
  it('builds in one stage, and runs in another that has no tools to build', () => {
    expect(stages).toHaveLength(2);
    expect(build[0]).toMatch(/ AS build$/);
    expect(final[0]).toMatch(/-slim$/);
    expect(final.filter((line) => line.startsWith('RUN'))).toEqual([]);
  });

  it('runs the command as a user that is not root', () => {
    expect(final).toContain('USER node');
    expect(final.at(-1)).toBe(`ENTRYPOINT ["${Object.keys(manifest.bin)[0]}"]`);
  });

  it('copies only what there is, and all that packing needs', () => {
    expect(copied.filter((path) => !existsSync(`${ROOT}${path}`))).toEqual([]);
    expect(copied).toEqual(
      expect.arrayContaining(['package.json', 'package-lock.json', 'native', 'packaging', 'src', 'workers']),
    );
  });

  it('is not kept from any of it by .dockerignore, which leaves the rest out', () => {
    const lines = read('.dockerignore').split('\n');
    expect(lines[0]).toBe('*');
    expect(
      lines
        .filter((line) => line.startsWith('!'))
        .map((line) => line.slice(1))
        .toSorted(),
    ).toEqual(copied.toSorted());
  });
});
