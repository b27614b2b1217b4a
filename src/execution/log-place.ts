import type { Channel, Framing } from '../frames/demuxer.ts';
import { LogMessages } from '../frames/log-messages.ts';
import { fromRfc3339, type Nanoseconds } from '../frames/rfc3339.ts';
import { MAX_LAG } from '../frames/stamp-lag.ts';

/** The last of a channel's messages that were taken. */
interface Last {
  readonly stamp: string;
  /** How many of the last ones have this stamp: the parts of a long line do, and lines may. */
  count: number;
  /** Whether all of them have. */
  readonly only: boolean;
  endsLine: boolean;
}

/** The last message taken of a log, as it is found again in another read of it. */
export interface Anchor {
  readonly channel: Channel;
  readonly stamp: string;
  /** It is this one in the row of the channel's messages with this stamp. */
  readonly count: number;
  /** False: the log was taken from behind its beginning on, and `count` may lack what came before in the row. */
  readonly counted: boolean;
}

/** How far a log was taken, in the order in which the engine has it. */
export class LogPlace {
  readonly #messages: LogMessages;
  readonly #fromStart: boolean;
  readonly #last: Partial<Record<Channel, Last>> = {};
  #channel: Channel | undefined;
  /** How many messages were taken. */
  taken = 0;

  /** `fromStart`: nothing of the wanted channels stands before the first message with its stamp. */
  constructor(framing: Framing, fromStart: boolean) {
    this.#messages = new LogMessages(framing);
    this.#fromStart = fromStart;
  }

  take(bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length; ) {
      at = this.#messages.take(bytes, at, bytes.length);
      if (this.#messages.complete) this.#count();
    }
  }

  /** The input has ended; returns whether it did between two messages. */
  finish(): boolean {
    const open = !this.#messages.complete;
    this.#messages.finish();
    if (open && this.#messages.complete) this.#count();
    return this.#messages.complete;
  }

  /** undefined before the first message. */
  get anchor(): Anchor | undefined {
    const last = this.#channel && this.#last[this.#channel];
    if (this.#channel === undefined || last === undefined) return undefined;
    const { stamp, count, only } = last;
    return { channel: this.#channel, stamp, count, counted: this.#fromStart || !only };
  }

  /** No later message of the log has an earlier stamp; undefined where that is not known. */
  get since(): Nanoseconds | undefined {
    const { stdout, stderr } = this.#last;
    const unfinished = [stdout, stderr].flatMap((last) => (last?.endsLine === false ? [fromRfc3339(last.stamp)] : []));
    const time = fromRfc3339(this.anchor?.stamp ?? '');
    const bounds = [...unfinished, time === undefined ? undefined : time - MAX_LAG];
    return bounds.reduce((least, bound) =>
      least === undefined || bound === undefined || least < bound ? least : bound,
    );
  }

  #count(): void {
    const { channel, stamp, endsLine } = this.#messages;
    this.taken += 1;
    if (channel === undefined) return;
    const last = this.#last[channel];
    this.#channel = channel;
    if (last?.stamp !== stamp) {
      this.#last[channel] = { stamp, count: 1, only: last === undefined, endsLine };
      return;
    }
    last.count += 1;
    last.endsLine = endsLine;
  }
}
