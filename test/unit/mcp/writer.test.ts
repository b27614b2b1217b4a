import { Writable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { type Lane, Writer } from '../../../src/mcp/writer.ts';

/** A stdout whose reader takes one write at a time, when the test says so. */
class SlowStdout extends Writable {
  readonly written: string[] = [];
  #done: ((error?: Error) => void)[] = [];

  override _write(chunk: Buffer, _encoding: string, done: (error?: Error | null) => void): void {
    this.written.push(chunk.toString());
    this.#done.push(done);
  }

  /** The reader takes what was written; without an error, all that follows too. */
  async drain(): Promise<void> {
    while (this.#done.length > 0) {
      this.#done.shift()?.();
      await turn();
    }
  }

  failNow(error: Error): void {
    this.#done.shift()?.(error);
  }
}

const turn = () => new Promise<void>((resolve) => setImmediate(resolve));
const bytes = (text: string): Uint8Array => Buffer.from(text);

function create() {
  const stdout = new SlowStdout();
  const deaths: string[] = [];
  const client = { unread: 0, asked: 0 };
  const countUnread = (): number => {
    client.asked += 1;
    return client.unread;
  };
  const writer = new Writer(stdout, (error) => deaths.push(error.message), countUnread);
  return { stdout, deaths, client, writer };
}

/** Whether the client has read what the lane wrote, as far as the writer knows by now. */
async function isRead(lane: Lane): Promise<boolean> {
  const given = new AbortController();
  let read = false;
  const wait = lane.untilRead(given.signal).then(() => {
    read ||= !given.signal.aborted;
  });
  await turn();
  given.abort();
  await wait;
  return read;
}

describe('Writer', () => {
  it('writes the pieces of one message together, messages of a lane in order', async () => {
    const { stdout, writer } = create();
    const lane = writer.lane();
    const all = [lane.write([bytes('a'), bytes('b'), bytes('\n')], 'output'), lane.write([bytes('c\n')], 'output')];
    await stdout.drain();
    await Promise.all(all);
    expect(stdout.written.join('')).toBe('ab\nc\n');
  });

  it('resolves a write only when the reader took it, so that nothing piles up', async () => {
    const { stdout, writer } = create();
    let resolved = false;
    const written = writer
      .lane()
      .write([bytes('a\n')], 'output')
      .then(() => {
        resolved = true;
      });
    await turn();
    expect(resolved).toBe(false);
    await stdout.drain();
    await written;
    expect(resolved).toBe(true);
  });

  it('lets lanes take turns, whatever one of them has queued', async () => {
    const { stdout, writer } = create();
    const [loud, quiet] = [writer.lane(), writer.lane()];
    for (const text of ['1', '2', '3', '4']) void loud.write([bytes(text)], 'output');
    for (const text of ['a', 'b']) void quiet.write([bytes(text)], 'output');
    await stdout.drain();
    expect(stdout.written.join('')).toBe('12a3b4');
  });

  it('lets a reply overtake other lanes’ output, but never its own', async () => {
    const { stdout, writer } = create();
    const [loud, other] = [writer.lane(), writer.lane()];
    for (const text of ['1', '2', '3']) void loud.write([bytes(text)], 'output');
    void loud.write([bytes('L')], 'reply');
    void other.write([bytes('R')], 'reply');
    await stdout.drain();
    expect(stdout.written.join('')).toBe('1R23L');
  });

  it('rejects what waits and what comes when the reader is gone, and says so once', async () => {
    const { stdout, deaths, writer } = create();
    const lane = writer.lane();
    const all = [
      lane.write([bytes('a')], 'output'),
      lane.write([bytes('b')], 'output'),
      writer.lane().write([bytes('c')], 'reply'),
    ];
    const settled = Promise.allSettled(all);
    stdout.failNow(new Error('EPIPE'));
    expect((await settled).map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
    await expect(lane.write([bytes('d')], 'output')).rejects.toThrow('EPIPE');
    expect(stdout.written).toEqual(['a']);
    expect(deaths).toEqual(['EPIPE']);
  });

  it('takes a closed stdout for a dead one', async () => {
    const { stdout, deaths, writer } = create();
    stdout.destroy();
    await turn();
    expect(deaths).toHaveLength(1);
    await expect(writer.lane().write([bytes('a')], 'reply')).rejects.toThrow();
  });
});

describe('what a lane wrote', () => {
  /** Has a lane of a new writer write so many bytes, which the operating system takes. */
  async function written(length: number) {
    const { stdout, client, writer } = create();
    const write = async (lane: Lane, size: number): Promise<void> => {
      const done = lane.write([new Uint8Array(size)], 'output');
      await stdout.drain();
      await done;
    };
    const lane = writer.lane();
    await write(lane, length);
    return { stdout, client, writer, lane, write };
  }

  it('is unread until nothing is', async () => {
    const { client, lane } = await written(100);
    for (const [unread, expected] of [
      [100, false],
      [1, false],
      [0, true],
    ] as const) {
      client.unread = unread;
      expect([unread, await isRead(lane)]).toEqual([unread, expected]);
    }
  });

  it('is read when no more is unread than others wrote since', async () => {
    const { client, writer, lane, write } = await written(100);
    client.unread = 300;
    await write(writer.lane(), 299);
    expect(await isRead(lane)).toBe(false);
    await write(writer.lane(), 1);
    expect(await isRead(lane)).toBe(true);
  });

  it('is nothing in a lane that wrote nothing, whatever others did', async () => {
    const { client, writer } = await written(100);
    client.unread = 100;
    expect(await isRead(writer.lane())).toBe(true);
    expect(client.asked).toBe(0);
  });

  it('is not asked for when nobody reads any more', async () => {
    const { stdout, client, lane } = await written(100);
    client.unread = 100;
    stdout.destroy();
    await turn();
    expect(await isRead(lane)).toBe(true);
    expect(client.asked).toBe(0);
  });
});
