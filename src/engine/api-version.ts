import { statusOf } from './failure.ts';

/** The newest API this server was tested with (Docker 28.5): an engine that speaks newer ones is spoken to in this. */
const NEWEST: readonly [major: number, minor: number] = [1, 51];

/** What an engine says to a request in a version that it does not speak, or no longer; to a HEAD it has no words. */
const REFUSED = /^$|client version \S+ is too (?:new|old)/i;

/** Asks the engine for the newest API version it speaks; undefined where it states none. */
export type AskVersion = (signal: AbortSignal) => Promise<string | undefined>;

/**
 * The API version spoken with one engine: its newest, or ours if that is older, as the Docker CLI chooses it. A path without one means
 * the engine's newest whatever that is, and later engines are to refuse it.
 */
export class ApiVersion {
  readonly #ask: AskVersion;
  #prefix: string | undefined;

  constructor(ask: AskVersion) {
    this.#ask = ask;
  }

  /**
   * Attempts one call; `prefix` goes in front of its path. The engine is asked for its version before the first call, and again where it
   * refuses the one in use: another engine may listen at the same endpoint by now, and speak another one. Rejects as `attempt` and
   * asking do.
   */
  async speak<T>(signal: AbortSignal, attempt: (prefix: string) => Promise<T>): Promise<T> {
    const prefix = this.#prefix ?? (await this.#learn(signal));
    try {
      return await attempt(prefix);
    } catch (error) {
      const spoken = refusesVersion(error) ? await this.#learn(signal) : prefix;
      if (spoken === prefix) throw error;
      return attempt(spoken);
    }
  }

  /** Takes over what the engine stated in an answer. One that stated nothing may only have been starting: it is asked again. */
  note(stated: string | undefined): void {
    this.#prefix = stated === undefined ? undefined : prefixOf(stated);
  }

  async #learn(signal: AbortSignal): Promise<string> {
    this.note(await this.#ask(signal));
    return this.#prefix ?? '';
  }
}

function refusesVersion(error: unknown): boolean {
  return statusOf(error) === 400 && error instanceof Error && REFUSED.test(error.message);
}

/** '' where that is no version. */
function prefixOf(stated: string): string {
  const [, major, minor] = /^(\d+)\.(\d+)$/.exec(stated) ?? [];
  if (major === undefined || minor === undefined) return '';
  const theirs = [Number(major), Number(minor)] as const;
  const [first, second] = isNewer(theirs, NEWEST) ? NEWEST : theirs;
  return `/v${first}.${second}`;
}

function isNewer(a: readonly [number, number], b: readonly [number, number]): boolean {
  return a[0] === b[0] ? a[1] > b[1] : a[0] > b[0];
}
