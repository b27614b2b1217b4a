import { describe, expect, it } from 'vitest';
import { StartGate } from '../../../src/execution/start-gate.ts';

const FRAME = Buffer.from([1, 0, 0, 0, 0, 0, 0, 30]);
const SENTENCE = Buffer.concat([FRAME, Buffer.from('OCI runtime exec failed: x\r\n')]);
const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

function create(options: { framed?: boolean; sinkTakes?: boolean } = {}) {
  const seen: string[] = [];
  let decide: (failed: boolean) => void = () => undefined;
  const gate = new StartGate(
    {
      data: (bytes) => {
        seen.push(Buffer.from(bytes).toString('latin1'));
        return options.sinkTakes ?? true;
      },
      end: () => void seen.push('(end)'),
      error: (error) => void seen.push(`(${error.message})`),
    },
    {
      framed: options.framed ?? true,
      failedToStart: () => {
        seen.push('(asked)');
        return new Promise((resolve) => {
          decide = resolve;
        });
      },
      resume: () => void seen.push('(resume)'),
    },
  );
  return { gate, seen, decide: (failed: boolean) => decide(failed) };
}

describe('StartGate', () => {
  it('passes what no failed start looks like, without asking', () => {
    const { gate, seen } = create();
    expect(gate.data(Buffer.from('output\n'))).toBe(true);
    expect(gate.data(SENTENCE)).toBe(true);
    gate.end();
    expect(seen).toEqual(['output\n', SENTENCE.toString('latin1'), '(end)']);
    expect(gate.sentence).toBe('');
  });

  it('holds a suspicious first read until the engine said that it did start, then passes it and reads on', async () => {
    const { gate, seen, decide } = create();
    expect(gate.data(SENTENCE)).toBe(false);
    expect(seen).toEqual(['(asked)']);
    decide(false);
    await turn();
    expect(seen).toEqual(['(asked)', SENTENCE.toString('latin1'), '(resume)']);
    expect(gate.sentence).toBe('');
  });

  it('does not read on where the sink has no room', async () => {
    const { gate, seen, decide } = create({ sinkTakes: false });
    gate.data(SENTENCE);
    decide(false);
    await turn();
    expect(seen).not.toContain('(resume)');
  });

  it.each([true, false])(
    'ends at once where it never started, with the engine’s sentence (framed: %s)',
    async (framed) => {
      const { gate, seen, decide } = create({ framed });
      gate.data(framed ? SENTENCE : SENTENCE.subarray(8));
      decide(true);
      await turn();
      expect(seen).toEqual(['(asked)', '(end)']);
      expect(gate.sentence).toBe('OCI runtime exec failed: x');
    },
  );

  it('keeps an end that comes before the answer behind what is held', async () => {
    const { gate, seen, decide } = create();
    gate.data(SENTENCE);
    gate.end();
    expect(seen).toEqual(['(asked)']);
    decide(false);
    await turn();
    expect(seen.slice(0, 2)).toEqual(['(asked)', SENTENCE.toString('latin1')]);
    expect(seen.at(-1)).toBe('(end)');
  });

  it('copies what it holds: the reader’s buffer is used again', async () => {
    const { gate, seen, decide } = create();
    const buffer = Buffer.from(SENTENCE);
    gate.data(buffer);
    buffer.fill(0);
    decide(false);
    await turn();
    expect(seen[1]).toBe(SENTENCE.toString('latin1'));
  });

  it('ends of itself with no output at all', () => {
    const { gate, seen } = create();
    gate.end();
    expect(seen).toEqual(['(end)']);
  });
});
