import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadBinding } from '../../../src/frames/binding.ts';
import { chooseDemuxer } from '../../../src/frames/choose.ts';
import { FallbackDemuxer } from '../../../src/frames/fallback/demuxer.ts';

describe('loadBinding', () => {
  let root = '';
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'binding-'));
  });
  afterEach(() => rm(root, { recursive: true }));

  it('finds nothing where nothing was built', () => {
    expect(loadBinding(root)).toBeUndefined();
  });

  it.each(['native/build/Release', 'build/Release'])('shows that a module in %s cannot be loaded', async (folder) => {
    await mkdir(join(root, folder), { recursive: true });
    await writeFile(join(root, folder, 'demuxer.node'), 'not a library');
    expect(() => loadBinding(root)).toThrow(/demuxer\.node/);
  });
});

describe('chooseDemuxer', () => {
  const broken = () => {
    throw new Error('wrong ELF class');
  };

  it('takes the JavaScript one when native is off, without looking for it', () => {
    expect(chooseDemuxer('off', broken)).toMatchObject({ kind: 'javascript' });
  });

  it('takes the JavaScript one when there is no native one, and says how to get it', () => {
    const choice = chooseDemuxer('auto', () => undefined);
    expect(choice.kind).toBe('javascript');
    expect(choice.reason).toMatch(/no native module for .*; .*npm run build:native/);
  });

  it('gives what is wrong with a native module as the reason', () => {
    expect(chooseDemuxer('auto', broken).reason).toContain('wrong ELF class');
  });

  it('fails where the native one is required and missing or broken, and says what to do', () => {
    expect(() => chooseDemuxer('require', () => undefined)).toThrow(
      /MCP_DOCKER_NATIVE is require.*npm run build:native/,
    );
    expect(() => chooseDemuxer('require', broken)).toThrow(/wrong ELF class/);
  });

  it('has the native module tell what is unread, where it can', () => {
    const Demuxer = FallbackDemuxer;
    expect(chooseDemuxer('auto', () => ({ Demuxer, unreadBytes: (fd) => fd * 100 })).unreadBytes(3)).toBe(300);
    expect(chooseDemuxer('auto', () => ({ Demuxer })).unreadBytes(3)).toBeUndefined();
    expect(chooseDemuxer('off').unreadBytes(3)).toBeUndefined();
  });
});
