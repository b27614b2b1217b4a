import { describe, expect, it } from 'vitest';
import { type DemuxerOptions, MAX_TOKEN_BYTES, MIN_OUT_BYTES, STATE, STATUS } from '../../src/frames/demuxer.ts';
import { AT_ONCE, drive, toChunks } from './drive.ts';
import { bytes, frame, options } from './frames.ts';
import { IMPLEMENTATIONS } from './implementations.ts';
import { decode, faults, joined, read } from './oracle.ts';

const EVERY_BYTE = { ...AT_ONCE, reads: [1] };

describe.each(IMPLEMENTATIONS)('%s demuxer', (_, create) => {
  const run = (input: Uint8Array, changed: Partial<DemuxerOptions> = {}, plan = AT_ONCE) =>
    drive(create(options(changed)), input, plan);

  describe('frames', () => {
    it('takes types 0 and 1 as stdout and 2 as stderr', () => {
      const { chunks } = run(Buffer.concat([frame(0, 'a'), frame(1, 'b'), frame(2, 'c')]));
      expect(joined(chunks, 'stdout')).toBe('ab');
      expect(joined(chunks, 'stderr')).toBe('c');
    });

    it('takes a header split at every byte', () => {
      const input = Buffer.concat([frame(1, 'one'), frame(2, 'two')]);
      for (let at = 0; at <= input.length; at++) {
        const { chunks } = run(input, {}, { ...AT_ONCE, reads: [Math.max(at, 1), input.length] });
        expect([joined(chunks, 'stdout'), joined(chunks, 'stderr')]).toEqual(['one', 'two']);
      }
    });

    it('skips frames of length 0', () => {
      const { chunks, state } = run(Buffer.concat([frame(2, ''), frame(1, 'x'), frame(0, ''), frame(1, 'y')]));
      expect(chunks).toHaveLength(1);
      expect(state[STATE.stdoutBytes]).toBe(2);
    });

    it('takes a length field of 4 GiB without waiting for it', () => {
      const { chunks, state } = run(frame(1, 'first bytes', 0xffffffff));
      expect(joined(chunks, 'stdout')).toBe('first bytes');
      expect(state[STATE.status]).toBe(STATUS.truncated);
    });

    it('stops at an unknown type and says that the stream is corrupt', () => {
      const demuxer = create(options());
      const { chunks, state } = drive(demuxer, Buffer.concat([frame(1, 'ok'), frame(4, 'no'), frame(1, 'lost')]));
      expect(joined(chunks, 'stdout')).toBe('ok');
      expect(state[STATE.status]).toBe(STATUS.corrupt);
      expect(demuxer.systemError()).toBe('');
    });

    it.each([1, 7, 1 << 20])('keeps the text of a type-3 frame, in reads of %i', (size) => {
      const demuxer = create(options());
      const input = Buffer.concat([frame(1, 'ok'), frame(3, 'driver failed: é'), frame(1, 'ignored')]);
      const { chunks, state } = drive(demuxer, input, { ...AT_ONCE, reads: [size] });
      expect(demuxer.systemError()).toBe('driver failed: é');
      expect(state[STATE.status]).toBe(STATUS.systemError);
      expect(joined(chunks, 'stdout')).toBe('ok');
    });

    it('keeps 4096 bytes of a type-3 frame, and what came of one that was cut off', () => {
      const long = create(options());
      expect(drive(long, frame(3, 'e'.repeat(10_000))).state[STATE.status]).toBe(STATUS.systemError);
      expect(long.systemError()).toBe('e'.repeat(4096));
      const cutOff = create(options());
      expect(drive(cutOff, frame(3, 'half', 100)).state[STATE.status]).toBe(STATUS.systemError);
      expect(cutOff.systemError()).toBe('half');
    });

    it('takes raw bytes as stdout whatever they are', () => {
      const { chunks } = run(Buffer.concat([frame(2, 'x')]), { framing: 'raw' });
      expect(chunks.map((chunk) => chunk.channel)).toEqual(['stdout']);
      expect(chunks[0]?.bytes).toBe(9);
    });
  });

  describe('chunks', () => {
    it('writes the documented line', () => {
      const { lines } = run(frame(2, 'a "b"\n\u0001'), { stream: { chunkBytes: 256, progressTokenJson: '0' } });
      const message = String.raw`a \"b\"\n\u0001`;
      const place = '{"channel":"stderr","seq":0,"offset":0,"bytes":7}';
      expect(lines).toBe(
        '{"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":0,' +
          `"message":"${message}","progress":7,"_meta":{"mcp-docker-exec/chunk":${place}}}}\n`,
      );
    });

    it('escapes every ASCII character as JSON.stringify does', () => {
      const all = String.fromCharCode(...Array.from({ length: 128 }, (_, code) => code));
      const { lines } = run(frame(1, all));
      expect(lines).toContain(`"message":${JSON.stringify(all)},`);
    });

    it('cuts at chunkBytes and never inside a character', () => {
      const text = `a${'日'.repeat(500)}`;
      const { chunks } = run(frame(1, text), { stream: { chunkBytes: 256, progressTokenJson: '1' } });
      expect(chunks.map((chunk) => chunk.bytes)).toEqual([256, 255, 255, 255, 255, 225]);
      expect(joined(chunks, 'stdout')).toBe(text);
    });

    it('counts U+FFFD as three bytes of a chunk', () => {
      const { chunks, state } = run(frame(1, Buffer.alloc(300, 0xff)), {
        stream: { chunkBytes: 256, progressTokenJson: '1' },
      });
      expect(chunks.map((chunk) => chunk.bytes)).toEqual([85, 85, 85, 45]);
      expect(state[STATE.replacements]).toBe(300);
    });

    it('keeps the order of the channels by closing a chunk where the other one goes on', () => {
      const { chunks } = run(Buffer.concat([frame(1, 'a'), frame(2, 'b'), frame(1, 'c')]));
      expect(chunks.map(({ channel, message, offset }) => [channel, message, offset])).toEqual([
        ['stdout', 'a', 0],
        ['stderr', 'b', 0],
        ['stdout', 'c', 1],
      ]);
    });

    it('begins a chunk with the incomplete character the other channel came between', () => {
      const euro = Buffer.from('€');
      const input = Buffer.concat([
        frame(1, Buffer.concat([bytes(0x61), euro.subarray(0, 2)])),
        frame(2, Buffer.concat([bytes(0x62), euro.subarray(0, 1)])),
        frame(1, Buffer.concat([euro.subarray(2), bytes(0x63)])),
        frame(2, euro.subarray(1)),
      ]);
      const { chunks } = run(input);
      expect(chunks.map(({ channel, message, offset, bytes: size }) => [channel, message, offset, size])).toEqual([
        ['stdout', 'a', 0, 1],
        ['stderr', 'b', 0, 1],
        ['stdout', '€c', 1, 4],
        ['stderr', '€', 1, 3],
      ]);
    });

    it('does not flush an incomplete character, and ends it with U+FFFD', () => {
      const demuxer = create(options());
      const out = new Uint8Array(MIN_OUT_BYTES);
      const input = frame(1, bytes(0xe2, 0x82));
      expect(demuxer.push(input, 0, input.length, out, 0)).toBe(input.length);
      expect(demuxer.flush(out, 0)).toBe(0);
      const end = demuxer.finish(out, 0);
      expect(toChunks(decode(out.subarray(0, end)))).toMatchObject([{ message: '\uFFFD', bytes: 2, offset: 0 }]);
      expect(demuxer.state[STATE.replacements]).toBe(1);
    });

    it('leaves no chunk open when out is full, with the longest token and the smallest out', () => {
      const token = JSON.stringify('t'.repeat(MAX_TOKEN_BYTES - 2));
      const input = Buffer.concat([frame(1, '\u0001'.repeat(20_000)), frame(2, 'é'.repeat(9000))]);
      const stream = { chunkBytes: 4096, progressTokenJson: token };
      const { chunks } = run(input, { stream }, { ...AT_ONCE, reads: [1000], outBytes: MIN_OUT_BYTES });
      expect(faults(chunks, 4096)).toEqual([]);
      expect(joined(chunks, 'stdout')).toBe('\u0001'.repeat(20_000));
      expect(joined(chunks, 'stderr')).toBe('é'.repeat(9000));
    });

    it('finishes both channels into the smallest out, with the longest token', () => {
      const token = JSON.stringify('t'.repeat(MAX_TOKEN_BYTES - 2));
      const demuxer = create(options({ stream: { chunkBytes: 256, progressTokenJson: token } }));
      const input = Buffer.concat([frame(1, bytes(0xe2)), frame(2, bytes(0xf0, 0x9f))]);
      const { chunks } = drive(demuxer, input, { ...AT_ONCE, outBytes: MIN_OUT_BYTES });
      expect(chunks.map((chunk) => chunk.message)).toEqual(['\uFFFD', '\uFFFD']);
    });

    it('does not touch out without a stream, and takes everything', () => {
      const demuxer = create(options({ stream: null }));
      const out = new Uint8Array(4);
      const input = frame(1, Buffer.concat([Buffer.alloc(100_000, 'x'), bytes(0xff)]));
      expect(demuxer.push(input, 0, input.length, out, 0)).toBe(input.length);
      expect(demuxer.finish(out, 0)).toBe(0);
      expect(out).toEqual(new Uint8Array(4));
      expect([...demuxer.state]).toEqual([0, 100_001, 0, 0, 1, 0, 1, STATUS.open]);
    });
  });

  describe('UTF-8', () => {
    const cases: readonly (readonly [string, Buffer])[] = [
      ['lone continuation', bytes(0x80, 0x41, 0xbf)],
      ['overlong forms', bytes(0xc0, 0xaf, 0xe0, 0x80, 0xaf, 0xf0, 0x80, 0x80, 0xaf, 0xc1, 0x81)],
      ['surrogates', bytes(0xed, 0xa0, 0x80, 0xed, 0xbf, 0xbf)],
      ['above U+10FFFF', bytes(0xf4, 0x90, 0x80, 0x80, 0xf5, 0x80, 0x80, 0x80, 0xff)],
      ['truncated sequences', bytes(0xe1, 0x80, 0xe2, 0xf0, 0x91, 0x92, 0xf1, 0xbf, 0x41)],
      ['a BOM, which stays', bytes(0xef, 0xbb, 0xbf, 0x61, 0xef, 0xbb, 0xbf)],
      ['an end inside a character', bytes(0x61, 0xf0, 0x9f, 0x98)],
      ['boundaries of ranges', Buffer.from('\u007f\u0080\u07ff\u0800\ud7ff\ue000\uffff\u{10000}\u{10ffff}')],
    ];

    it.each(cases)('repairs as TextDecoder: %s', (_name, raw) => {
      for (const plan of [AT_ONCE, EVERY_BYTE]) {
        const { chunks } = run(frame(1, raw), {}, plan);
        expect(joined(chunks, 'stdout')).toBe(decode(raw));
      }
    });

    it('joins characters split over frames and reads, at every position in long text', () => {
      const text = 'aé日😀"\\\n'.repeat(9);
      const raw = Buffer.from(text);
      for (let at = 1; at < raw.length; at++) {
        const input = Buffer.concat([frame(1, raw.subarray(0, at)), frame(1, raw.subarray(at))]);
        expect(joined(run(input).chunks, 'stdout')).toBe(text);
      }
    });
  });

  describe('base64', () => {
    const raw = Buffer.from(Array.from({ length: 1000 }, (_, index) => (index * 7) & 0xff));
    const decoded = (chunks: readonly { message: string }[]): Buffer =>
      Buffer.concat(chunks.map((chunk) => Buffer.from(chunk.message, 'base64')));

    it('fills chunks with whole groups, and counts no replacements', () => {
      const stream = { chunkBytes: 257, progressTokenJson: '1' };
      const { chunks, state } = run(frame(1, raw), { encoding: 'base64', stream });
      expect(chunks.map((chunk) => chunk.bytes)).toEqual([192, 192, 192, 192, 192, 40]);
      expect(decoded(chunks)).toEqual(raw);
      expect(state[STATE.replacements]).toBe(0);
    });

    it('pads a chunk closed early, so that each decodes by itself', () => {
      const plan = { reads: [9, 1, 2, 5], flushes: [true, false, true], outBytes: MIN_OUT_BYTES };
      const { chunks } = run(frame(1, raw), { encoding: 'base64' }, plan);
      expect(chunks.length).toBeGreaterThan(50);
      expect(chunks.every(({ message, bytes: size }) => Buffer.from(message, 'base64').length === size)).toBe(true);
      expect(decoded(chunks)).toEqual(raw);
    });

    it('encodes head and tail of kept output separately', () => {
      const demuxer = create(options({ encoding: 'base64', keepBytes: 11 }));
      drive(demuxer, frame(1, raw));
      const { stdout, truncated } = read(demuxer.kept(1e6));
      const head = raw.subarray(0, 5).toString('base64');
      expect(stdout).toBe(`${head}\n[... 989 bytes omitted ...]\n${raw.subarray(994).toString('base64')}`);
      expect(truncated).toBe(true);
    });
  });

  describe('sanitize', () => {
    const steering = 'a\u001b[31m\u0007\b\f\v\u0000\u007f\u0080\u009b\t\n\r';
    const hidden = '\u061c\u200b\u200d\u200e\u200f\u202a\u202e\u2060\u2066\u2069\ufeff\u{e0001}\u{e007f}';
    const seen = '\u200a\u2010\u2029\u202f\u2061\u2065\u206a\u00a0\u{e0080}é日😀';
    const shown = (sanitize: DemuxerOptions['sanitize'], text: string, plan = AT_ONCE): string => {
      const { chunks, state } = run(frame(1, text), { sanitize }, plan);
      expect(state[STATE.replacements]).toBe(0);
      return joined(chunks, 'stdout');
    };

    it('leaves text alone with none', () => {
      expect(shown('none', steering + hidden + seen)).toBe(steering + hidden + seen);
    });

    it('shows what steers a terminal with ansi', () => {
      const pictures = 'a\u241b[31m\u2407\u2408\u240c\u240b\u2400\u2421\ufffd\ufffd\t\n\r';
      expect(shown('ansi', steering + hidden + seen)).toBe(pictures + hidden + seen);
      expect(shown('ansi', steering + hidden + seen, EVERY_BYTE)).toBe(pictures + hidden + seen);
    });

    it('masks hidden characters too with strict', () => {
      expect(shown('strict', hidden + seen)).toBe('\ufffd'.repeat(13) + seen);
      expect(shown('strict', `${'日'.repeat(9)}\u200b${'é'.repeat(20)}\u061c`)).toBe(
        `${'日'.repeat(9)}\ufffd${'é'.repeat(20)}\ufffd`,
      );
    });

    it('counts the picture, not the control, against chunkBytes', () => {
      const stream = { chunkBytes: 256, progressTokenJson: '1' };
      const { chunks } = run(frame(1, '\u001b'.repeat(100)), { sanitize: 'ansi', stream });
      expect(chunks.map((chunk) => chunk.bytes)).toEqual([85, 15]);
    });

    it('applies to kept output', () => {
      const demuxer = create(options({ sanitize: 'ansi', stream: null }));
      drive(demuxer, frame(2, 'x\u001b[0m'));
      expect(read(demuxer.kept(1e6)).stderr).toBe('x\u241b[0m');
    });
  });

  describe('lines', () => {
    it('counts newlines, and unfinished last lines once finished', () => {
      const demuxer = create(options());
      const { states, state } = drive(demuxer, Buffer.concat([frame(1, 'a\nb\nc'), frame(2, 'd')]));
      expect(states.at(-1)?.[STATE.lines]).toBe(2);
      expect(state[STATE.lines]).toBe(4);
    });

    it('stops behind the newline that reaches maxLines, over both channels', () => {
      const input = Buffer.concat([frame(1, 'a\n'), frame(2, 'b'), frame(1, 'c\nd\ne\n'), frame(2, 'f\n')]);
      for (const plan of [AT_ONCE, EVERY_BYTE]) {
        const { chunks, state } = run(input, { maxLines: 2 }, plan);
        expect(joined(chunks, 'stdout')).toBe('a\nc\n');
        expect(joined(chunks, 'stderr')).toBe('b');
        expect(state[STATE.status]).toBe(STATUS.limit);
        expect(state[STATE.lines]).toBe(2);
      }
    });
  });

  describe('arguments', () => {
    const out = new Uint8Array(MIN_OUT_BYTES);
    const input = frame(1, 'x');

    it.each([
      ['end behind the input', 0, 100, 0],
      ['start behind end', 5, 4, 0],
      ['negative start', -1, 4, 0],
      ['fractional end', 0, 1.5, 0],
      ['outStart behind out', 0, 4, MIN_OUT_BYTES + 1],
      ['not a number', 0, 4, Number.NaN],
    ])('throws RangeError: %s', (_name, start, end, outStart) => {
      expect(() => create(options()).push(input, start, end, out, outStart)).toThrow(RangeError);
    });

    it('throws RangeError on an out that is too small, or that overlaps the input', () => {
      expect(() => create(options()).push(input, 0, 1, new Uint8Array(MIN_OUT_BYTES - 1), 0)).toThrow(RangeError);
      expect(() => create(options()).finish(out, 1)).toThrow(RangeError);
      expect(() => create(options()).push(out, 0, 9, out, 0)).toThrow(RangeError);
    });

    it('throws RangeError where the open chunk is not gone on with', () => {
      const demuxer = create(options());
      demuxer.push(input, 0, input.length, out, 0);
      expect(() => demuxer.push(input, 0, input.length, out, 0)).toThrow(RangeError);
      expect(() => demuxer.flush(out, 3)).toThrow(RangeError);
      expect(() =>
        demuxer.flush(new Uint8Array(demuxer.state[STATE.outEnd] ?? 0), demuxer.state[STATE.outEnd] ?? 0),
      ).toThrow(RangeError);
      expect(demuxer.flush(out, demuxer.state[STATE.outEnd] ?? 0)).toBeGreaterThan(0);
    });

    it('survives a state array whose memory was taken away', () => {
      const demuxer = create(options());
      const { buffer } = demuxer.state;
      if (buffer instanceof ArrayBuffer) structuredClone(buffer, { transfer: [buffer] });
      expect(demuxer.state).toHaveLength(0);
      expect(demuxer.push(input, 0, input.length, out, 0)).toBe(input.length);
    });

    it.each<[string, Partial<DemuxerOptions>, typeof RangeError | typeof TypeError]>([
      ['chunkBytes below', { stream: { chunkBytes: 255, progressTokenJson: '1' } }, RangeError],
      ['chunkBytes above', { stream: { chunkBytes: 1_048_577, progressTokenJson: '1' } }, RangeError],
      ['chunkBytes fraction', { stream: { chunkBytes: 300.5, progressTokenJson: '1' } }, RangeError],
      ['keepBytes above', { keepBytes: 67_108_865 }, RangeError],
      ['keepBytes negative', { keepBytes: -1 }, RangeError],
      ['maxLines fraction', { maxLines: 0.5 }, RangeError],
      ['token too long', { stream: { chunkBytes: 256, progressTokenJson: `"${'x'.repeat(8000)}"` } }, RangeError],
      ['token empty', { stream: { chunkBytes: 256, progressTokenJson: '' } }, RangeError],
      ['token with a line end', { stream: { chunkBytes: 256, progressTokenJson: '"a\n"' } }, TypeError],
      ['token that ends early', { stream: { chunkBytes: 256, progressTokenJson: '"a"b"' } }, TypeError],
      ['token that never ends', { stream: { chunkBytes: 256, progressTokenJson: '"a\\"' } }, TypeError],
      ['token with a plus', { stream: { chunkBytes: 256, progressTokenJson: '+1' } }, TypeError],
      ['token of another type', { stream: { chunkBytes: 256, progressTokenJson: '{}' } }, TypeError],
    ])('refuses options: %s', (_name, changed, error) => {
      expect(() => create(options(changed))).toThrow(error);
    });

    it.each(['"a"', '""', '0', '-1.5e3', '"\\"\\\\\\u0000"', '"日本"'])('accepts the token %s', (token) => {
      const { lines } = run(input, { stream: { chunkBytes: 256, progressTokenJson: token } });
      expect(JSON.parse(lines)).toMatchObject({ params: { progressToken: JSON.parse(token) } });
    });
  });
});
