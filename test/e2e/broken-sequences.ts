/** Characters of 2, 3 and 4 bytes, at both ends of what each length can say, and U+FEFF. */
const WHOLE = ['\u0080', '\u07ff', '\u0800', '\ud7ff', '\ue000', '\ufeff', '\uffff', '\u{10000}', '\u{10ffff}', '😀'];

/** What a decoder may meet where it expects a character to go on. */
const INTRUDERS = ['c3', 'e2', 'f0', 'ff', '0a', '41', '22', 'e282ac'];

const hex = (digits: string): Uint8Array => Buffer.from(digits, 'hex');

/** Each character broken off after every byte of it but the last, with every intruder behind. */
function brokenOff(): Uint8Array[] {
  const heads = WHOLE.map((character) => Buffer.from(character)).flatMap((bytes) =>
    Array.from({ length: bytes.length - 1 }, (_, index) => bytes.subarray(0, index + 1)),
  );
  return heads.flatMap((head) => INTRUDERS.map((intruder) => Buffer.concat([head, hex(intruder)])));
}

/** Each character without its first byte, and with one byte of it spoilt, whichever. */
function spoilt(): Uint8Array[] {
  return WHOLE.map((character) => Buffer.from(character)).flatMap((bytes) => [
    bytes.subarray(1),
    ...Array.from(bytes, (_, index) => Buffer.from(bytes.with(index, 0x2d))),
    ...Array.from(bytes, (_, index) => Buffer.from(bytes.with(index, 0xff))),
  ]);
}

const OVERLONG = ['c080', 'c1bf', 'e08080', 'e09fbf', 'f0808080', 'f08fbfbf'].map(hex);
const SURROGATES = ['eda080', 'edafbf', 'edb080', 'edbfbf', 'eda0bdedb880'].map(hex);
const BEYOND = ['f4908080', 'f5808080', 'f7bfbfbf', 'f888808080', 'fc8480808080', 'fe', 'ff'].map(hex);
const LONE = ['80', 'bf', '8080', '80bf80', '80808080', 'efbb', 'bbbf'].map(hex);

/** Bytes that are not UTF-8, in every way they can fail to be. */
export const BROKEN_SEQUENCES: readonly Uint8Array[] = [
  ...brokenOff(),
  ...spoilt(),
  ...OVERLONG,
  ...SURROGATES,
  ...BEYOND,
  ...LONE,
];
