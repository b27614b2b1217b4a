/** More than any cache holds: every contender reads its input from memory. */
const INPUT_BYTES = 64 * 1_048_576;
const UNIT_BYTES = 4 * 1_048_576;
const HEADER_BYTES = 8;
const STDOUT = 1;

export type Text = 'ascii' | 'cjk' | 'ansi';

const LINES: Readonly<Record<Text, string>> = {
  ascii: '2026-03-01T12:00:00.123Z INFO request handled method=GET path=/api/items/42 status=200 ms=3\n',
  cjk: '信息：已处理请求，路径为项目列表，状态成功，用时三毫秒，数据库连接池空闲二十个。\n',
  ansi: '\u001b[2m12:00:00.123\u001b[0m \u001b[32mINFO\u001b[39m \u001b[1mhandled\u001b[22m "GET /items" \u001b[36m200\u001b[39m\n',
};

/** What an engine sends for a command that writes `text`, cut into frames of `frameBytes` wherever that falls. */
export function framedInput(text: Text, frameBytes: number): Buffer {
  const frame = HEADER_BYTES + frameBytes;
  const unit = framedUnit(text, frameBytes, Math.ceil(UNIT_BYTES / frame));
  const copies = Math.ceil(INPUT_BYTES / unit.length);
  const input = Buffer.allocUnsafeSlow(copies * unit.length);
  for (let copy = 0; copy < copies; copy += 1) input.set(unit, copy * unit.length);
  return input;
}

function framedUnit(text: Text, frameBytes: number, frames: number): Buffer {
  const payload = Buffer.alloc(frames * frameBytes, LINES[text]);
  const unit = Buffer.alloc(frames * (HEADER_BYTES + frameBytes));
  for (let frame = 0; frame < frames; frame += 1) {
    const at = frame * (HEADER_BYTES + frameBytes);
    unit.writeUInt8(STDOUT, at);
    unit.writeUInt32BE(frameBytes, at + 4);
    payload.copy(unit, at + HEADER_BYTES, frame * frameBytes, (frame + 1) * frameBytes);
  }
  return unit;
}
