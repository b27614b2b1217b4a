import { describe, expect, it } from 'vitest';
import { AnswerFinder } from '../../../benchmarks/processes/answer-finder.ts';

const NOTIFICATION = '{"jsonrpc":"2.0","method":"notifications/progress","params":{"message":"text"}}\n';
const ANSWER = '{"jsonrpc":"2.0","id":1,"result":{"content":[]}}';

function answersIn(stream: string, readBytes = stream.length): string[] {
  const finder = new AnswerFinder();
  const bytes = Buffer.from(stream);
  const reads = Array.from({ length: Math.ceil(bytes.length / readBytes) }, (_, n) =>
    bytes.subarray(n * readBytes, (n + 1) * readBytes),
  );
  return reads.flatMap((read) => finder.take(read)).map((line) => line.toString());
}

describe('AnswerFinder', () => {
  it('finds answers between notifications however the stream is cut into reads', () => {
    const other = ANSWER.replace('"id":1', '"id":2');
    const stream = `${NOTIFICATION.repeat(3)}${ANSWER}\n${NOTIFICATION}${other}\n${NOTIFICATION}`;
    for (let readBytes = 1; readBytes <= stream.length; readBytes += 1) {
      expect(answersIn(stream, readBytes)).toEqual([ANSWER, other]);
    }
  });

  it('waits for the end of the answer', () => {
    expect(answersIn(NOTIFICATION + ANSWER)).toEqual([]);
  });
});
