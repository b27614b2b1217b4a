import type { LogMessages } from '../frames/log-messages.ts';
import type { Anchor } from './log-place.ts';

/** Looks for an anchor in another read of its log. */
export class AnchorSearch {
  readonly #anchor: Anchor;
  #same = 0;
  /** How many messages were seen. */
  seen = 0;
  /** How many of them come up to the anchor and with it; undefined while it was not found. */
  behind: number | undefined;

  constructor(anchor: Anchor) {
    this.#anchor = anchor;
  }

  /** Takes the next message; false once it is certain where the anchor is and that more follows. */
  goesOn({ channel, stamp }: Pick<LogMessages, 'channel' | 'stamp'>): boolean {
    const same = channel === this.#anchor.channel && stamp === this.#anchor.stamp;
    this.seen += 1;
    if (same) this.#same += 1;
    if (same && this.#isLast()) this.behind = this.seen;
    if (this.behind === undefined || this.seen === this.behind) return true;
    return !this.#anchor.counted && (same || channel !== this.#anchor.channel);
  }

  /** Of a row that was not counted from its beginning, all is taken to have been there. */
  #isLast(): boolean {
    return this.#same === this.#anchor.count || (this.#same > this.#anchor.count && !this.#anchor.counted);
  }
}
