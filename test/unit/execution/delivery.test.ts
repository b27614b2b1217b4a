import { describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { Credit } from '../../../src/execution/credit.ts';
import { Delivery } from '../../../src/execution/delivery.ts';
import { chooseDemuxer } from '../../../src/frames/choose.ts';

const line = z.object({ params: z.object({ message: z.string() }) });

/** A delivery whose buffers come back when the test gives them. */
function create({ streaming = true } = {}) {
  const demuxer = chooseDemuxer('off').create({
    framing: 'raw',
    timestamps: 'absent',
    encoding: 'utf8',
    sanitize: 'none',
    keepBytes: 1024,
    maxLines: 0,
    stream: streaming ? { chunkBytes: 4096, progressTokenJson: '1' } : null,
  });
  const posted: { buffer: ArrayBuffer; length: number; delivered: number }[] = [];
  const texts: string[] = [];
  const resume = vi.fn();
  const post = (buffer: ArrayBuffer, length: number, delivered: number): void => {
    const lines = Buffer.from(buffer, 0, length).toString().split('\n').slice(0, -1);
    texts.push(...lines.map((text) => line.parse(JSON.parse(text)).params.message));
    posted.push({ buffer, length, delivered });
  };
  const delivery = new Delivery({ demuxer, credit: streaming ? new Credit() : null, post, resume });
  const giveBack = (): void => {
    const first = posted.shift();
    if (first !== undefined) delivery.giveBack(first.buffer);
  };
  return { demuxer, delivery, posted, texts, resume, giveBack, text: () => texts.join('') };
}

const block = (size: number): Uint8Array => Buffer.alloc(size, 'x');

describe('Delivery', () => {
  it('hands a first byte on at once, and the next within its time', async () => {
    const { delivery, text } = create();
    delivery.take(Buffer.from('a'));
    expect(text()).toBe('a');
    delivery.take(Buffer.from('b'));
    await vi.waitFor(() => expect(text()).toBe('ab'), { interval: 1, timeout: 50 });
  });

  it('stops reading when no buffer is left, and reads on when one came back', () => {
    const { delivery, posted, resume, giveBack, text } = create();
    let taken = 0;
    while (delivery.take(block(100_000))) taken += 100_000;
    expect(delivery.blocked).toBe(true);
    expect(posted).toHaveLength(6);
    // Six buffers are all that is ever on its way to a client that does not read.
    expect(posted.reduce((sum, { buffer }) => sum + buffer.byteLength, 0)).toBeLessThanOrEqual(2 ** 21);
    expect(resume).not.toHaveBeenCalled();
    giveBack();
    expect(resume).toHaveBeenCalledTimes(1);
    expect(delivery.blocked).toBe(false);
    expect(text().length).toBeGreaterThan(taken);
  });

  it('loses and repeats nothing under back-pressure', async () => {
    const { delivery, giveBack, text } = create();
    let written = '';
    for (let index = 0; index < 60; index += 1) {
      // Controls take six bytes of JSON each: such a read does not fit into one buffer.
      const part = `${index}:`.padEnd(90_000, index % 2 === 0 ? 'x' : '\u0001');
      written += part;
      if (!delivery.take(Buffer.from(part))) while (delivery.blocked) giveBack();
    }
    const finished = delivery.finish();
    giveBack();
    await finished;
    expect(text() === written).toBe(true);
  });

  it('says with each buffer how much was delivered by then', () => {
    const { delivery, posted } = create();
    delivery.take(block(10));
    expect(posted.at(-1)?.delivered).toBe(10);
    delivery.take(block(70_000));
    expect(posted.at(-1)?.delivered).toBe(70_010);
  });

  it('waits at its end for a buffer to put the last bytes in', async () => {
    const { delivery, giveBack, text, posted } = create();
    for (let index = 0; index < 6; index += 1) delivery.take(block(66_000));
    expect(posted).toHaveLength(6);
    expect(delivery.take(Buffer.from('last'))).toBe(false);
    giveBack();
    await delivery.finish();
    expect(text().endsWith('xlast')).toBe(true);
  });

  it('forgets the rest once it is discarded: reading goes on, nothing more is handed on', async () => {
    const { delivery, resume, posted } = create();
    while (delivery.take(block(100_000)));
    delivery.discard();
    expect(resume).toHaveBeenCalled();
    const handedOn = posted.length;
    expect(delivery.take(block(100_000))).toBe(true);
    await delivery.finish();
    expect(posted).toHaveLength(handedOn);
  });

  it('lets go of a finish that waits for a buffer once it is discarded', async () => {
    const { delivery } = create();
    for (let index = 0; index < 6; index += 1) delivery.take(block(66_000));
    const finished = delivery.finish();
    delivery.discard();
    await expect(finished).resolves.toBeUndefined();
  });

  describe('once it spools', () => {
    const MOST = 8 * 1024 * 1024;

    /** Fills what there is credit for and one read more; returns what was written, all through one buffer as a socket does. */
    function blocked(size = 100_000) {
      const scene = create();
      const socket = Buffer.alloc(size);
      const written: string[] = [];
      const write = (): boolean => {
        if (written.length > 400) throw new Error('reading never stopped');
        const part = `${written.length}:`.padEnd(size, String(written.length % 10));
        written.push(part);
        socket.write(part);
        return scene.delivery.take(socket);
      };
      while (write());
      return { ...scene, socket, write, written };
    }

    it('reads on into memory, up to 8 MiB, while the client does not read', () => {
      const { delivery, resume, write, posted } = blocked();
      delivery.spool();
      expect(resume).toHaveBeenCalledTimes(1);
      let spooled = 0;
      while (write()) spooled += 100_000;
      expect(spooled).toBeGreaterThan(MOST - 300_000);
      expect(spooled).toBeLessThanOrEqual(MOST);
      expect([delivery.blocked, posted.length]).toEqual([true, 6]);
    });

    it('waits no more for the client alone once more came than an ended process can have left', () => {
      const { delivery, write, giveBack } = blocked();
      delivery.spool();
      expect(delivery.awaitsClient).toBe(true);
      const readSome = (): void => {
        while (delivery.blocked) giveBack();
      };
      while (write());
      readSome();
      while (write());
      expect([delivery.blocked, delivery.awaitsClient]).toEqual([true, false]);
    });

    it('reads on again when all that was spooled is taken', () => {
      const { delivery, resume, write, posted, giveBack } = blocked();
      delivery.spool();
      while (write());
      resume.mockClear();
      while (delivery.blocked) {
        expect([resume.mock.calls.length, posted.length > 0]).toEqual([0, true]);
        giveBack();
      }
      expect(resume).toHaveBeenCalledTimes(1);
      expect(write()).toBe(true);
    });

    it('keeps bytes and order, whatever becomes of the buffer they were read into', async () => {
      const { delivery, write, written, socket, posted, giveBack, text } = blocked();
      delivery.spool();
      for (let count = 0; count < 40; count += 1) expect(write()).toBe(true);
      socket.fill('!');
      const finished = delivery.finish();
      while (posted.length > 0) {
        giveBack();
        await Promise.resolve();
      }
      await finished;
      expect(text() === written.join('')).toBe(true);
    });

    it('is at its end only when the client took everything', async () => {
      const { delivery, write, written, giveBack, text } = blocked();
      delivery.spool();
      for (let count = 0; count < 20; count += 1) write();
      let textAtEnd = -1;
      const finished = delivery.finish().then(() => {
        textAtEnd = text().length;
      });
      while (textAtEnd < 0) {
        await new Promise(setImmediate);
        giveBack();
      }
      await finished;
      expect(textAtEnd).toBe(written.join('').length);
    });

    it('forgets what it holds when it is discarded', async () => {
      const { delivery, write, posted } = blocked();
      delivery.spool();
      while (write());
      delivery.discard();
      const handedOn = posted.length;
      expect([delivery.blocked, write()]).toEqual([false, true]);
      await delivery.finish();
      expect(posted).toHaveLength(handedOn);
    });
  });

  it('never stops reading where nothing is streamed, and posts nothing', async () => {
    const { delivery, demuxer, posted } = create({ streaming: false });
    for (let index = 0; index < 100; index += 1) expect(delivery.take(block(100_000))).toBe(true);
    await delivery.finish();
    expect(posted).toEqual([]);
    expect(demuxer.kept(100_000).truncated).toBe(true);
  });
});
