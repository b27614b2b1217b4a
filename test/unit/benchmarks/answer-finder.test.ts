import { describe, expect, it } from 'vitest';
import { AnswerFinder } from '../../../benchmarks/processes/answer-finder.ts';

const NOTIFICATION = '{"jsonrpc":"2.0","method":"notifications/progress","params":{"message":"text"}}\n';
const ANSWER = '{"jsonrpc":"2.0","id":1,"result":{"content":[]}}';

function found(stream: string, readBytes: number): (string | undefined)[] {
  const finder = new AnswerFinder();
  const bytes = Buffer.from(stream);
  const reads = Array.from({ length: Math.ceil(bytes.length / readBytes) }, (_, n) =>
    bytes.subarray(n * readBytes, (n + 1) * readBytes),
  );
  return reads.map((read) => finder.take(read)?.toString());
}

describe('AnswerFinder', () => {
  it('finds the answer behind notifications however the stream is cut into reads', () => {
    const stream = `${NOTIFICATION.repeat(3)}${ANSWER}\n`;
    for (let readBytes = 1; readBytes <= stream.length; readBytes += 1) {
      const answers = found(stream, readBytes);
      expect(answers.at(-1)).toBe(ANSWER);
      expect(answers.filter((line) => line !== undefined)).toHaveLength(1);
    }
  });

  it('waits for the end of the answer', () => {
    expect(found(NOTIFICATION + ANSWER, 10).every((line) => line === undefined)).toBe(true);
  });

  it('finds the next answer too, and nothing where there is none', () => {
    const finder = new AnswerFinder();
    const answers = [`${ANSWER}\n`, NOTIFICATION, `${NOTIFICATION}${ANSWER}\n`].map((read) =>
      finder.take(Buffer.from(read)),
    );
    expect(answers.map((line) => line?.toString())).toEqual([ANSWER, undefined, ANSWER]);
  });
});
