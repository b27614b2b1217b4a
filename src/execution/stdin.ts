import type { ByteStream } from '../engine/http-stream.ts';

/** End of transmission: what Ctrl-D sends. A terminal takes it as end of input at the start of a line. */
const END_OF_TRANSMISSION = '\u0004';

/**
 * Writes all of stdin and ends it. On a tty the connection stays open, since the engine would close the output with it;
 * there the end is what a person would type: Ctrl-D, twice where the last line is unfinished.
 */
export function sendStdin(stream: ByteStream, stdin: string, tty: boolean): void {
  if (!tty) {
    if (stdin !== '') stream.write(Buffer.from(stdin, 'utf8'));
    stream.endInput();
    return;
  }
  const unfinished = stdin !== '' && !stdin.endsWith('\n');
  const end = unfinished ? END_OF_TRANSMISSION.repeat(2) : END_OF_TRANSMISSION;
  stream.write(Buffer.from(stdin + end, 'utf8'));
}
