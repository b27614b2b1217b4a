import type { EngineAnswer } from './request.ts';

/** Whether an answer is Podman's, which puts this header on every one. */
export function isPodman({ headers }: Pick<EngineAnswer, 'headers'>): boolean {
  return headers['libpod-api-version'] !== undefined;
}

/**
 * Podman's text about a start that failed, with the sentence of its runtime. It comes as the first frame of stderr, or raw with
 * a tty, and what it ends with is Podman's own.
 */
const FAILED_START =
  /^Error: (.+: OCI (?:runtime error|permission denied|runtime attempted to invoke a command that was not found))\r?\n/s;

/** The runtime's sentence in what Podman wrote about a failed start; undefined in any other text. */
export function podmanSentence(text: string): string | undefined {
  return FAILED_START.exec(text)?.[1];
}
