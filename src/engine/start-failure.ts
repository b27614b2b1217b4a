import { AppError, type ErrorCode } from '../errors.ts';
import type { EngineClient } from './client.ts';
import { type ExecState, inspectExec } from './exec.ts';
import { EngineAnswerError } from './failure.ts';
import { podmanSentence } from './podman.ts';

/** An engine's sentence about a failed start is short. */
const MAX_SENTENCE_BYTES = 4096;
const FRAME_HEADER_BYTES = 8;
/** How long Podman may take from that sentence to saying that the exec ended. */
const SETTLED_WITHIN_MS = 500;
const POLL_MS = 10;

/**
 * What the engine says about a failed start, if the first read of an exec's output looks like that; undefined for any other
 * output. Docker writes it to stdout as one line that ends in CR LF, Podman to stderr. A command may print the same:
 * `failedToStart` tells.
 */
export function startSentence(read: Uint8Array, framed: boolean): string | undefined {
  if (read.length > MAX_SENTENCE_BYTES) return undefined;
  const bytes = Buffer.from(read.buffer, read.byteOffset, read.byteLength);
  const text = bytes.toString('utf8', framed ? FRAME_HEADER_BYTES : 0);
  return text.endsWith('\r\n') ? text.trim() : podmanSentence(text);
}

/** Codes of an exec that did not start; 125 is Podman's alone. */
const NOT_STARTED: ReadonlySet<number | null> = new Set([125, 126, 127]);

/**
 * Whether an exec never became a process. It ended with 126 or 127 and never had a pid, where a command's own 126 or 127 has one
 * (seen on Docker 20.10 with runc 1.1). Where the engine forgets the pid, only what it said instead of output tells the two apart.
 */
export function neverStarted(state: ExecState, sentence = ''): boolean {
  if (state.running || state.hostPid !== 0) return false;
  if (state.forgetsPid) return sentence !== '' && NOT_STARTED.has(state.exitCode);
  return state.exitCode === 126 || state.exitCode === 127;
}

/** Whether it is open yet how the exec went: Podman may say its sentence before it knows of the end. */
function isOpen({ forgetsPid, running, exitCode, hostPid }: ExecState): boolean {
  return forgetsPid === true && hostPid === 0 && (running || exitCode === 0);
}

/** Asks the engine whether `sentence` came from it, since the exec never started. Throws where it does not answer. */
export async function failedToStart(engine: EngineClient, engineExecId: string, sentence: string): Promise<boolean> {
  for (const until = performance.now() + SETTLED_WITHIN_MS; ; ) {
    const state = await inspectExec(engine, engineExecId);
    if (!isOpen(state) || performance.now() > until) return neverStarted(state, sentence);
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}

/** A start refused by its status: Podman answers 500 where Docker says the same as output. */
export function refusedStart(error: unknown): unknown {
  if (!(error instanceof EngineAnswerError) || error.statusCode !== 500) return error;
  const failure = startFailure(error.message);
  return failure.code === 'USER_NOT_FOUND' ? failure : error;
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
