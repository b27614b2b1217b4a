import { describe, expect, it } from 'vitest';
import { EngineAnswerError, toEngineError } from '../../../src/engine/failure.ts';
import { neverStarted, startFailure } from '../../../src/engine/start-failure.ts';
import { AppError } from '../../../src/errors.ts';

function withCode(code: string): Error {
  return Object.assign(new Error(code), { code });
}

describe('toEngineError', () => {
  it.each(['ECONNREFUSED', 'ENOENT', 'EACCES', 'ECONNRESET', 'ENOTFOUND'])(
    'takes %s for an engine that is not there',
    (code) => {
      expect(toEngineError(withCode(code), 'list containers')).toMatchObject({
        code: 'ENGINE_UNREACHABLE',
        retryable: true,
        message: expect.stringContaining(code),
      });
    },
  );

  it('says how to get permission to the socket', () => {
    expect(toEngineError(withCode('EACCES'), 'list containers').hint).toContain('docker group');
  });

  it('gives a status the meaning the operation gives it', () => {
    const error = new EngineAnswerError(404, 'No such container: x');
    expect(toEngineError(error, 'x', { 404: 'CONTAINER_NOT_FOUND' })).toMatchObject({
      code: 'CONTAINER_NOT_FOUND',
      message: 'No such container: x',
    });
    expect(toEngineError(error, 'x').code).toBe('ENGINE_ERROR');
  });

  it('says which status it was where the engine has no words for it', () => {
    const error = toEngineError(new EngineAnswerError(500, ''), 'look at the file');
    expect(error).toMatchObject({ code: 'ENGINE_ERROR', message: expect.stringMatching(/look at the file.*500/) });
  });

  it("takes the engine's own sentence out of docker-modem's frame", () => {
    const error = Object.assign(new Error('(HTTP code 500) server error - boom '), {
      statusCode: 500,
      json: { message: 'boom' },
    });
    expect(toEngineError(error, 'x').message).toBe('boom');
  });

  it('leaves an AppError as it is and anything else an ENGINE_ERROR', () => {
    const own = new AppError('CONTAINER_PAUSED', 'paused');
    expect(toEngineError(own, 'x')).toBe(own);
    expect(toEngineError('odd', 'look').message).toBe('The engine failed to look: odd');
  });
});

describe('startFailure', () => {
  const OCI = 'OCI runtime exec failed: exec failed: unable to start container process: ';

  it.each([
    [`${OCI}exec: "nosuch": executable file not found in $PATH: unknown`, 'COMMAND_NOT_FOUND'],
    [`${OCI}exec: "/etc/passwd": permission denied: unknown`, 'COMMAND_NOT_FOUND'],
    [`${OCI}exec: "/nope/x": stat /nope/x: no such file or directory: unknown`, 'COMMAND_NOT_FOUND'],
    [
      'OCI runtime exec failed: executable file `nosuch` not found in $PATH: No such file or directory',
      'COMMAND_NOT_FOUND',
    ],
    [`${OCI}chdir to cwd ("/nope") set in config.json failed: no such file or directory: unknown`, 'START_FAILED'],
    ['OCI runtime exec failed: exec failed: Cwd must be an absolute path: unknown', 'START_FAILED'],
    ['unable to find user nouser: no matching entries in passwd file', 'USER_NOT_FOUND'],
    ['something new', 'START_FAILED'],
    ['', 'START_FAILED'],
  ])('reads %j as %s', (sentence, code) => {
    expect(startFailure(sentence).code).toBe(code);
  });
});

describe('neverStarted', () => {
  it('is told by the missing pid, not by the exit code', () => {
    expect(neverStarted({ running: false, exitCode: 126, hostPid: 0 })).toBe(true);
    expect(neverStarted({ running: false, exitCode: 126, hostPid: 4711 })).toBe(false);
    expect(neverStarted({ running: false, exitCode: 127, hostPid: 4711 })).toBe(false);
  });

  it('is not said of a process whose pid is not known yet', () => {
    expect(neverStarted({ running: true, exitCode: null, hostPid: 0 })).toBe(false);
  });
});
