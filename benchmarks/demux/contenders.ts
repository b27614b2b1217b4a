import { chooseDemuxer } from '../../src/frames/choose.ts';
import type { Contender } from './contender.ts';
import { dockerModem } from './docker-modem.ts';
import { javascriptDecoded } from './javascript-decoded.ts';
import { javascriptLatin1 } from './javascript-latin1.ts';
import { BUFFERED, productContender, STREAMING } from './product.ts';

const COPY_BYTES = 65_536;

/** Moves the bytes and nothing else: what memory allows. */
function copy(): Contender {
  const target = Buffer.allocUnsafeSlow(COPY_BYTES);
  return { take: (read) => void read.copy(target), payloadBytes: () => undefined };
}

export const CONTENDERS = {
  'native, to JSON-RPC lines': () => productContender(chooseDemuxer('require').create(STREAMING)),
  'native, kept output only': () => productContender(chooseDemuxer('require').create(BUFFERED)),
  'TypeScript fallback, to JSON-RPC lines': () => productContender(chooseDemuxer('off').create(STREAMING)),
  'JavaScript, text decoded': javascriptDecoded,
  'JavaScript, bytes as Latin-1': javascriptLatin1,
  'docker-modem, to Buffers only': dockerModem,
  'memory copy': copy,
} as const satisfies Record<string, () => Contender>;

export type ContenderName = keyof typeof CONTENDERS;
