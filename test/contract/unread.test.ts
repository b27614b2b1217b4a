import { execFileSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { chooseDemuxer } from '../../src/frames/choose.ts';

const { unreadBytes } = chooseDemuxer('require');

function opened(make: (path: string) => void, flags: string): number {
  const folder = mkdtempSync(join(tmpdir(), 'unread-'));
  make(join(folder, 'it'));
  const fd = openSync(join(folder, 'it'), flags);
  onTestFinished(() => {
    closeSync(fd);
    rmSync(folder, { recursive: true });
  });
  return fd;
}

describe('unreadBytes', () => {
  it.runIf(process.platform === 'linux')('counts what is in a pipe', () => {
    const fd = opened((path) => execFileSync('sh', ['-c', 'mkfifo "$0"', path]), 'r+');
    expect(unreadBytes(fd)).toBe(0);
    writeSync(fd, 'hello');
    expect(unreadBytes(fd)).toBe(5);
    readSync(fd, Buffer.alloc(4));
    expect(unreadBytes(fd)).toBe(1);
  });

  it('tells nothing of a file, and of what is not open', () => {
    expect(unreadBytes(opened(() => undefined, 'w'))).toBeUndefined();
    expect(unreadBytes(-1)).toBeUndefined();
  });
});
