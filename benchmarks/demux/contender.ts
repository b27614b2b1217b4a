/** One way to take a multiplexed stream apart. */
export interface Contender {
  /** Takes one read; the buffer may be reused afterwards. */
  take(read: Buffer): void;
  /** Bytes of payload found so far: a contender that drops some is no contender. Undefined where it looks at none. */
  payloadBytes(): number | undefined;
}
