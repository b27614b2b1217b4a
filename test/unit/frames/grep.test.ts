import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chooseDemuxer } from '../../../src/frames/choose.ts';
import { type LastTimestamps, STATE, STATUS, type TimestampMode } from '../../../src/frames/demuxer.ts';
import { createGrep, type Grep } from '../../../src/frames/grep.ts';
import { drive } from '../../contract/drive.ts';
import { frame, options } from '../../contract/frames.ts';
import { joined } from '../../contract/oracle.ts';

const stamp = (second: number): string => `2026-01-02T03:04:${String(second).padStart(2, '0')}.000000000Z`;
const MEBIBYTE = 1 << 20;

interface Filtered {
  readonly stdout: string;
  readonly stderr: string;
  readonly status: number | undefined;
  readonly bytes: Buffer;
  readonly seen: readonly string[];
  readonly last: LastTimestamps;
}

/** Filters in reads of `size`, then demultiplexes what was kept. */
function filter(
  input: Uint8Array,
  wanted: string,
  size = 1 << 30,
  framing: 'multiplexed' | 'raw' = 'multiplexed',
): Filtered {
  const seen: string[] = [];
  const matches = (line: string): boolean => {
    seen.push(line);
    return line.includes(wanted);
  };
  const grep = createGrep({ framing, matches });
  const kept: Uint8Array[] = [];
  for (let at = 0; at < input.length; at += size) kept.push(grep.push(input, at, Math.min(at + size, input.length)));
  const bytes = Buffer.concat([...kept, grep.finish()]);
  return { ...shown(bytes, 'keep'), bytes, seen, last: grep.lastTimestamps() };
}

function shown(bytes: Buffer, timestamps: TimestampMode) {
  const { chunks, state } = drive(chooseDemuxer('off').create(options({ timestamps })), bytes);
  return { stdout: joined(chunks, 'stdout'), stderr: joined(chunks, 'stderr'), status: state[STATE.status] };
}

describe.each([1, 3, 40, 1 << 30])('createGrep, in reads of %i', (size) => {
  it('keeps matching lines of both channels with their timestamps, one frame each', () => {
    const lines = [frame(1, `${stamp(1)} yes a\n`), frame(2, `${stamp(2)} no\n`), frame(2, `${stamp(3)} yes b\n`)];
    const { bytes, seen, last } = filter(Buffer.concat(lines), 'yes', size);
    expect(bytes).toEqual(Buffer.concat([frame(1, `${stamp(1)} yes a\n`), frame(2, `${stamp(3)} yes b\n`)]));
    expect(seen).toEqual(['yes a', 'no', 'yes b']);
    expect(last).toEqual({ stdout: stamp(1), stderr: stamp(3) });
  });

  it('joins a line from partial frames, with other lines in between', () => {
    const input = Buffer.concat([
      frame(1, `${stamp(1)} be`),
      frame(2, `${stamp(2)} needle\n`),
      frame(1, `${stamp(1)} gin nee`),
      frame(1, `${stamp(1)} dle end\n`),
    ]);
    const { stdout, stderr, seen } = filter(input, 'needle', size);
    expect(stdout).toBe(`${stamp(1)} begin needle end\n`);
    expect(stderr).toBe(`${stamp(2)} needle\n`);
    expect(seen).toEqual(['needle', 'begin needle end']);
  });

  it('decides on unfinished last lines at the end', () => {
    const input = Buffer.concat([frame(1, `${stamp(1)} yes`), frame(2, `${stamp(2)} no`)]);
    expect(filter(input, 'yes', size)).toMatchObject({ stdout: `${stamp(1)} yes`, stderr: '', seen: ['yes', 'no'] });
  });

  it('passes on frames that are no lines', () => {
    const error = filter(Buffer.concat([frame(1, `${stamp(1)} no\n`), frame(3, 'driver failed')]), 'yes', size);
    expect(error.bytes).toEqual(frame(3, 'driver failed'));
    expect(error.status).toBe(STATUS.systemError);
    expect(filter(frame(9, 'x'), 'yes', size).status).toBe(STATUS.corrupt);
    expect(filter(frame(1, ''), '', size).bytes).toHaveLength(0);
  });

  it('reads the raw log of a tty and leaves the line ending out of the match', () => {
    const input = Buffer.from(`${stamp(1)} yes\r\n${stamp(2)} no\r\n${stamp(3)} yes again`);
    const { stdout, seen } = filter(input, 'yes', size, 'raw');
    expect(stdout).toBe(`${stamp(1)} yes\r\n${stamp(3)} yes again`);
    expect(seen).toEqual(['yes', 'no', 'yes again']);
  });

  it('gets lines as text, whatever they hold', () => {
    const line = Buffer.concat([Buffer.from(`${stamp(1)} é`), Buffer.from([0xff, 0x0a])]);
    expect(filter(frame(1, line), '', size).seen).toEqual(['é\uFFFD']);
    expect(filter(frame(1, `${stamp(1)} \n`), '', size).stdout).toBe(`${stamp(1)} \n`);
  });
});

describe.each([1, 40, 1 << 30])('createGrep from a point in time of one channel, in reads of %i', (size) => {
  const since = (second: number): bigint => BigInt(Date.parse(stamp(second))) * 1_000_000n;

  function through(grep: Grep, ...frames: readonly Buffer[]): Buffer {
    const input = Buffer.concat(frames);
    const kept: Uint8Array[] = [];
    for (let at = 0; at < input.length; at += size) kept.push(grep.push(input, at, Math.min(at + size, input.length)));
    return Buffer.concat([...kept, grep.finish()]);
  }

  it('leaves out the earlier lines of that channel alone', () => {
    const grep = createGrep({ framing: 'multiplexed', matches: () => true, since: { stderr: since(3) } });
    const out = [frame(1, `${stamp(1)} a\n`), frame(1, `${stamp(4)} b\n`)] as const;
    const err = [frame(2, `${stamp(2)} c\n`), frame(2, `${stamp(3)} d\n`), frame(2, `${stamp(5)} e\n`)] as const;
    expect(through(grep, err[0], out[0], out[1], err[1], err[2])).toEqual(Buffer.concat([...out, err[1], err[2]]));
    expect(grep.lastTimestamps()).toEqual({ stdout: stamp(4), stderr: stamp(5) });
  });

  it('leaves out what an engine repeats behind a later line', () => {
    const grep = createGrep({ framing: 'multiplexed', since: { stdout: since(1) + 2n, stderr: since(1) + 1n } });
    const line = (channel: 1 | 2, ns: number) => frame(channel, `${stamp(1).replace('0Z', `${ns}Z`)} x\n`);
    const early = [line(1, 1), line(2, 0)] as const;
    const late = [line(1, 2), line(2, 1), line(1, 3)] as const;
    expect(through(grep, early[0], late[0], early[1], late[1], late[2])).toEqual(Buffer.concat(late));
  });

  it.each([
    ['each channel had a line that is late enough', [frame(1, `${stamp(3)} a\n`), frame(2, `${stamp(3)} b\n`)]],
    ['one of them is a second past the point', [frame(1, `${stamp(4)} a\n`)]],
  ])('lets all through as it is once %s', (_, settling) => {
    const grep = createGrep({ framing: 'multiplexed', since: { stdout: since(3), stderr: since(3) } });
    expect(through(grep, ...settling)).toEqual(Buffer.concat(settling));
    const next = Buffer.concat([frame(1, `${stamp(5)} half`), frame(3, 'trouble'), frame(1, 'no time')]);
    expect(Buffer.from(grep.push(next, 0, next.length))).toEqual(next);
  });

  it('lets the raw log of a tty through as it is from the first line on that is late enough', () => {
    const lines = [1, 2, 3, 4, 2].map((second) => Buffer.from(`${stamp(second)} ${second}\r\n`));
    const grep = createGrep({ framing: 'raw', since: { stdout: since(3), stderr: since(3) } });
    expect(through(grep, ...lines)).toEqual(Buffer.concat(lines.slice(2)));
    const unfinished = createGrep({ framing: 'raw', since: { stdout: since(3), stderr: since(3) } });
    expect(through(unfinished, Buffer.from(`${stamp(1)} a\n${stamp(3)} b`)).toString()).toBe(`${stamp(3)} b`);
  });

  it('does not count earlier lines as looked at', () => {
    const grep = createGrep({ framing: 'multiplexed', since: { stdout: since(3) } });
    expect(through(grep, frame(1, `${stamp(1)} a\n`), frame(1, `${stamp(2)} b`))).toHaveLength(0);
    expect(grep.lastTimestamps()).toEqual({ stdout: '', stderr: '' });
  });

  it('reads the time in its zone, and keeps a line without one', () => {
    const grep = createGrep({ framing: 'multiplexed', since: { stdout: since(3) } });
    const early = frame(1, '2026-01-02T05:04:02.999999999+02:00 a\n');
    const kept = [frame(1, 'no time\n'), frame(1, '2026-01-01T22:04:03.000000000-05:00 b\n')] as const;
    expect(through(grep, early, ...kept)).toEqual(Buffer.concat(kept));
  });

  it('asks lines that are late enough for a match', () => {
    const matches = (line: string): boolean => line === 'yes';
    const grep = createGrep({ framing: 'multiplexed', matches, since: { stdout: since(2) } });
    const lines = [`${stamp(1)} yes\n`, `${stamp(2)} no\n`, `${stamp(3)} yes\n`].map((line) => frame(1, line));
    expect(through(grep, ...lines)).toEqual(frame(1, `${stamp(3)} yes\n`));
    expect(grep.lastTimestamps().stdout).toBe(stamp(3));
  });
});

describe('createGrep, lines above 1 MiB', () => {
  const partials = (text: string): Buffer =>
    Buffer.concat((text.match(/.{1,16384}/gs) ?? []).map((part) => frame(1, `${stamp(1)} ${part}`)));

  it('decides on the first 1 MiB and passes the rest as it comes', () => {
    const line = `needle${'x'.repeat(2 * MEBIBYTE)}\n`;
    const { bytes, seen } = filter(Buffer.concat([partials(line), frame(1, `${stamp(2)} needle\n`)]), 'needle');
    expect(seen.map((text) => text.length)).toEqual([MEBIBYTE, 6]);
    expect(shown(bytes, 'strip').stdout === `${line}needle\n`).toBe(true);
    expect(shown(bytes, 'keep').stdout === `${stamp(1)} ${line}${stamp(2)} needle\n`).toBe(true);
  });

  it('drops one that matches only later', () => {
    const line = `${'x'.repeat(MEBIBYTE)}needle\n`;
    expect(filter(Buffer.concat([partials(line), frame(1, `${stamp(2)} needle\n`)]), 'needle').stdout).toBe(
      `${stamp(2)} needle\n`,
    );
  });

  it('keeps up with a long line that comes byte by byte', () => {
    const line = frame(1, `${stamp(1)} needle${'x'.repeat(MEBIBYTE)}\n`);
    expect(filter(line, 'needle', 7).stdout).toHaveLength(stamp(1).length + 1 + 6 + MEBIBYTE + 1);
  });
});

it('keeps exactly the lines that match, for any lines in any reads', () => {
  const line = fc.record({ type: fc.constantFrom(1, 2), text: fc.constantFrom('', 'a', 'ab', 'b', ' x', 'a\r') });
  fc.assert(
    fc.property(fc.array(line, { maxLength: 30 }), fc.integer({ min: 1, max: 90 }), (lines, size) => {
      const stamped = lines.map(({ type, text }, index) => ({ type, text: `${stamp(index)} ${text}\n` }));
      const input = Buffer.concat(stamped.map(({ type, text }) => frame(type, text)));
      const expected = stamped.filter((_, index) => lines[index]?.text.includes('a'));
      const { bytes } = filter(input, 'a', size);
      expect(bytes).toEqual(Buffer.concat(expected.map(({ type, text }) => frame(type, text))));
    }),
  );
});
