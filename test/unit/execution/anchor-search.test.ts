import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AnchorSearch } from '../../../src/execution/anchor-search.ts';
import { LogPlace } from '../../../src/execution/log-place.ts';
import type { Framing } from '../../../src/frames/demuxer.ts';
import { LogMessages } from '../../../src/frames/log-messages.ts';
import { frame } from '../../contract/frames.ts';

interface Message {
  readonly channel: 'stdout' | 'stderr';
  readonly second: number;
  readonly text: string;
}

const stamp = (second: number): string => `2026-01-02T03:04:${String(second).padStart(2, '0')}.000000000Z`;

/** As the engine sends it; a part of a long line has no newline. */
function bytesOf({ channel, second, text }: Message, framing: Framing): Uint8Array {
  const line = `${stamp(second)} ${text}`;
  return framing === 'raw' ? Buffer.from(line) : frame(channel === 'stdout' ? 1 : 2, line);
}

/** Some bytes in reads of `size`. */
function* reads(bytes: Uint8Array, size: number): Generator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

function placeAfter(log: readonly Message[], framing: Framing, size: number, fromStart = true): LogPlace {
  const place = new LogPlace(framing, fromStart);
  for (const read of reads(Buffer.concat(log.map((one) => bytesOf(one, framing))), size)) place.take(read);
  expect(place.finish()).toBe(true);
  return place;
}

/** How many messages of `log` a search takes for delivered. */
function found(place: LogPlace, log: readonly Message[], framing: Framing): number | undefined {
  const { anchor } = place;
  if (anchor === undefined) return 0;
  const search = new AnchorSearch(anchor);
  const messages = new LogMessages(framing);
  const bytes = Buffer.concat(log.map((one) => bytesOf(one, framing)));
  for (let at = 0, going = true; going && at < bytes.length; ) {
    at = messages.take(bytes, at, bytes.length);
    if (messages.complete) going = search.goesOn(messages);
  }
  return search.behind;
}

const line = (text: string): string => `${text}\n`;
const long = 'x'.repeat(16_384);
const text = fc.oneof(
  fc.constant('a b\n'),
  fc.constant('\n'),
  fc.constant(long),
  fc.string({ maxLength: 9 }).map(line),
);
const channel = fc.constantFrom<Message['channel']>('stdout', 'stderr');
const message = fc.record({ channel, step: fc.constantFrom(0, 0, 1), text });

/** Stamps ascend, and many are the same. */
const log = fc.array(message, { maxLength: 30 }).map((steps) => {
  let second = 0;
  return steps.map(({ channel, step, text }) => {
    second += step;
    return { channel, second, text };
  });
});

describe.each<Framing>(['multiplexed', 'raw'])('the place up to which a log was taken (%s)', (framing) => {
  it('is found in the same log, however it was read', () => {
    fc.assert(
      fc.property(log, fc.nat(30), fc.constantFrom(1, 7, 1000, 1 << 20), (messages, end, size) => {
        const one = framing === 'raw' ? messages.map((each) => ({ ...each, channel: 'stdout' as const })) : messages;
        const taken = one.slice(0, end);
        expect(found(placeAfter(taken, framing, size), one, framing)).toBe(taken.length);
      }),
      { numRuns: 60 },
    );
  });
});

const out = (second: number, text = 'x\n'): Message => ({ channel: 'stdout', second, text });
const err = (second: number, text = 'x\n'): Message => ({ channel: 'stderr', second, text });

describe('the place up to which a log was taken', () => {
  it('is behind all parts of a line whose beginning was not asked for', () => {
    const parts = [out(2, long), out(2, long), out(2)];
    const place = placeAfter(parts.slice(2), 'multiplexed', 100, false);
    expect(place.anchor).toMatchObject({ count: 1, counted: false });
    expect(found(place, [out(1), ...parts], 'multiplexed')).toBe(4);
    expect(found(place, [out(1), ...parts, err(2), out(3)], 'multiplexed')).toBe(4);
  });

  it('is not found where it was deleted', () => {
    expect(found(placeAfter([out(1), out(2)], 'multiplexed', 100), [out(3), out(4)], 'multiplexed')).toBeUndefined();
    expect(found(placeAfter([out(2), out(2)], 'multiplexed', 100), [out(2), out(3)], 'multiplexed')).toBeUndefined();
  });

  it('has nothing behind it that is earlier than its `since`', () => {
    const nanoseconds = (second: number) => BigInt(Date.parse(stamp(second))) * 1_000_000n;
    const since = (...log: Message[]) => placeAfter(log, 'multiplexed', 100).since;
    expect(since()).toBeUndefined();
    expect(since(out(5))).toBe(nanoseconds(4));
    expect(since(out(2, long), err(9))).toBe(nanoseconds(2));
    expect(since(out(2, long), err(3), out(2), err(9))).toBe(nanoseconds(8));
  });

  it('is none in the middle of a frame', () => {
    const place = new LogPlace('multiplexed', true);
    place.take(bytesOf(out(1), 'multiplexed').subarray(0, -1));
    expect(place.finish()).toBe(false);
    expect(place.anchor).toBeUndefined();
  });
});
