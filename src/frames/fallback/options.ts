import { type DemuxerOptions, MAX_TOKEN_BYTES, type StreamOptions } from '../demuxer.ts';

const LIMITS = {
  chunkBytes: [256, 1_048_576],
  keepBytes: [0, 67_108_864],
  maxLines: [0, Number.MAX_SAFE_INTEGER],
} as const;

/** Without control characters, so that it can end neither the line nor the string it is put into. */
const JSON_TOKEN = /^(?:"(?:[^"\\\u0000-\u001f]|\\[^\u0000-\u001f])*"|-?\d[\d+\-.eE]*)$/;

const CHOICES = {
  framing: ['multiplexed', 'raw'],
  timestamps: ['absent', 'keep', 'strip'],
  encoding: ['utf8', 'base64'],
  sanitize: ['none', 'ansi', 'strict'],
} as const;

/** Throws RangeError or TypeError with the option's name and what it may be. */
export function validateOptions(options: DemuxerOptions): void {
  for (const name of ['framing', 'timestamps', 'encoding', 'sanitize'] as const) {
    const choices: readonly string[] = CHOICES[name];
    if (!choices.includes(options[name])) throw new TypeError(`${name} must be one of ${choices.join(', ')}`);
  }
  checkWhole('keepBytes', options.keepBytes);
  checkWhole('maxLines', options.maxLines);
  if (options.stream !== null) validateStream(options.stream);
}

function validateStream(stream: StreamOptions): void {
  if (typeof stream !== 'object') throw new TypeError('stream must be an object or null');
  checkWhole('chunkBytes', stream.chunkBytes);
  const token = stream.progressTokenJson;
  if (typeof token !== 'string') throw new TypeError('progressTokenJson must be a string');
  const size = Buffer.byteLength(token);
  if (size < 1 || size > MAX_TOKEN_BYTES) {
    throw new RangeError(`progressTokenJson's size must be 1 to ${MAX_TOKEN_BYTES}, not ${size}`);
  }
  if (!JSON_TOKEN.test(token)) throw new TypeError('progressTokenJson must be a JSON string or number');
}

function checkWhole(name: keyof typeof LIMITS, value: number): void {
  const [least, most] = LIMITS[name];
  if (typeof value !== 'number') throw new TypeError(`${name} must be a number`);
  if (Number.isInteger(value) && value >= least && value <= most) return;
  throw new RangeError(`${name} must be ${least} to ${most}, not ${value}`);
}
