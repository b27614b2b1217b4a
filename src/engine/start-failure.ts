import { AppError, type ErrorCode } from '../errors.ts';
import type { ExecState } from './exec.ts';

/**
 * Whether an exec never became a process: it ended with 126 or 127 and never had a pid. A command's own 126 or 127 has one.
 * Seen on Docker 20.10 with runc 1.1.
 */
export function neverStarted(state: ExecState): boolean {
  return !state.running && state.hostPid === 0 && (state.exitCode === 126 || state.exitCode === 127);
}

/**
 * Which start failure the engine's sentence means. There is no other sign: the engine says 126 for all of them. The words
 * are those of runc and crun; what is not recognised stays START_FAILED.
 */
const SENTENCES: readonly (readonly [RegExp, ErrorCode])[] = [
  [/chdir to cwd|set in config\.json|Cwd must be/i, 'START_FAILED'],
  [/unable to find (?:user|group)|no matching entries in (?:passwd|group) file/i, 'USER_NOT_FOUND'],
  [/exec: ".*":|executable file .* not found|exec format error|open executable/is, 'COMMAND_NOT_FOUND'],
];

const HINTS: Partial<Record<ErrorCode, string>> = {
  COMMAND_NOT_FOUND: 'cmd[0] must be an executable in the container; shell syntax needs ["sh", "-c", "…"].',
  USER_NOT_FOUND: 'Give a user that /etc/passwd of the container has, or numbers: "1000:1000".',
  START_FAILED: 'Check that workdir exists in the container.',
};

/** A failed start as an error that carries the engine's own sentence. */
export function startFailure(sentence: string): AppError {
  const code = SENTENCES.find(([pattern]) => pattern.test(sentence))?.[1] ?? 'START_FAILED';
  const hint = HINTS[code];
  const message = sentence === '' ? 'The engine could not start the command.' : sentence;
  return new AppError(code, message, hint === undefined ? {} : { hint });
}
