import type { Contender } from './contender.ts';

const HEADER_BYTES = 8;
const OUT_BYTES = 262_144;
/** More than one frame's line can be here, so that `write` never cuts. */
const ROOM = 6 * 32_768 + 512;

const HEAD = '{"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":1,"progress":';

/**
 * The straightforward way with Node's own parts: each frame becomes a string, a JSON string and bytes again. It does not
 * repair characters that are split over frames and keeps nothing for a result, which flatters it.
 */
export function plainJavaScript(): Contender {
  const out = Buffer.allocUnsafeSlow(OUT_BYTES);
  let outEnd = 0;
  let rest: Buffer = Buffer.alloc(0);
  let seq = 0;
  let offset = 0;

  const writeFrame = (type: number, payload: Buffer): void => {
    if (out.length - outEnd < ROOM) outEnd = 0;
    const channel = type === 2 ? 'stderr' : 'stdout';
    const chunk = `{"channel":"${channel}","seq":${seq},"offset":${offset},"bytes":${payload.length}}`;
    offset += payload.length;
    seq += 1;
    const message = JSON.stringify(payload.toString('utf8'));
    const line = `${HEAD}${offset},"message":${message},"_meta":{"mcp-docker-exec/chunk":${chunk}}}}\n`;
    outEnd += out.write(line, outEnd, 'utf8');
  };

  return {
    take(read) {
      const input = rest.length === 0 ? read : Buffer.concat([rest, read]);
      let at = 0;
      while (at + HEADER_BYTES <= input.length) {
        const end = at + HEADER_BYTES + input.readUInt32BE(at + 4);
        if (end > input.length) break;
        writeFrame(input[at] ?? 0, input.subarray(at + HEADER_BYTES, end));
        at = end;
      }
      rest = Buffer.from(input.subarray(at));
    },
    payloadBytes: () => offset,
  };
}
