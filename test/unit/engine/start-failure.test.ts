import { describe, expect, it } from 'vitest';
import { neverStarted, startSentence } from '../../../src/engine/start-failure.ts';

function frame(channel: 1 | 2, text: string): Buffer {
  const header = Buffer.from([channel, 0, 0, 0, 0, 0, 0, 0]);
  header.writeUInt32BE(Buffer.byteLength(text), 4);
  return Buffer.concat([header, Buffer.from(text)]);
}

const DOCKER = 'OCI runtime exec failed: exec: "x": executable file not found in $PATH: unknown';
const PODMAN =
  'crun: executable file `x` not found in $PATH: OCI runtime attempted to invoke a command that was not found';

describe('startSentence', () => {
  it('is what Docker and Podman write in place of output, framed or raw', () => {
    expect(startSentence(frame(1, `${DOCKER}\r\n`), true)).toBe(DOCKER);
    expect(startSentence(Buffer.from(`${DOCKER}\r\n`), false)).toBe(DOCKER);
    expect(startSentence(frame(2, `Error: ${PODMAN}\n`), true)).toBe(PODMAN);
    expect(startSentence(Buffer.from(`Error: ${PODMAN}\n`), false)).toBe(PODMAN);
  });

  it('leaves out what Podman adds about its own connection', () => {
    const read = Buffer.concat([frame(2, `Error: ${PODMAN}\n`), frame(2, 'Error: read unixpacket: reset by peer\n')]);
    expect(startSentence(read, true)).toBe(PODMAN);
  });

  it.each(['output\n', 'Error: something else\n', `${PODMAN}\n`, ''])('is in no other output: %j', (text) => {
    expect(startSentence(frame(2, text), true)).toBeUndefined();
  });
});

describe('neverStarted where the engine forgets the pid of what ended', () => {
  const ended = { running: false, hostPid: 0, forgetsPid: true } as const;

  it.each([125, 126, 127])('needs what the engine said: %i', (exitCode) => {
    expect(neverStarted({ ...ended, exitCode }, PODMAN)).toBe(true);
    expect(neverStarted({ ...ended, exitCode })).toBe(false);
  });

  it('is not so where another code was returned, or the process runs', () => {
    expect(neverStarted({ ...ended, exitCode: 1 }, PODMAN)).toBe(false);
    expect(neverStarted({ ...ended, running: true, exitCode: null }, PODMAN)).toBe(false);
  });
});
