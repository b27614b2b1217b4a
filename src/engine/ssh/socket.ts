import { Duplex } from 'node:stream';
import { sshFailure } from './failure.ts';
import type { SshProcess } from './process.ts';

/** Where a socket gets its ssh from. */
export type TakeSsh = (signal: AbortSignal) => Promise<SshProcess>;

/**
 * A connection to the engine through an ssh of its own. What is written waits until the connection stands, and nothing is sent
 * where it never does: an error of code ERR_SSH means that the engine heard nothing.
 */
export class SshSocket extends Duplex {
  readonly #take: TakeSsh;
  readonly #leaving = new AbortController();
  #ssh: SshProcess['ssh'] | undefined;

  constructor(take: TakeSsh) {
    super();
    this.#take = take;
  }

  /** Whether the connection does not stand yet, as of a `net.Socket`. */
  get pending(): boolean {
    return this.#ssh === undefined;
  }

  override _construct(callback: (error?: Error) => void): void {
    this.#take(this.#leaving.signal).then(
      (process) => {
        this.#adopt(process);
        callback();
      },
      (error: Error) => callback(error),
    );
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, callback: () => void): void {
    this.#ssh?.stdin.write(chunk, () => callback());
  }

  override _final(callback: () => void): void {
    this.#ssh?.stdin.end();
    callback();
  }

  override _read(): void {
    this.#ssh?.stdout.resume();
  }

  /** Closed while it still waits for its ssh, it must not wait on. */
  override destroy(error?: Error): this {
    this.#leaving.abort(error);
    return super.destroy(error);
  }

  override _destroy(error: Error | null, callback: (error?: Error | null) => void): void {
    this.#ssh?.kill();
    callback(error);
  }

  #adopt({ ssh, ended }: SshProcess): void {
    this.#ssh = ssh;
    ssh.stdout.on('data', (bytes: Buffer) => {
      if (!this.push(bytes)) ssh.stdout.pause();
    });
    ended.then(
      (end) => (end.code === 0 ? this.push(null) : this.destroy(sshFailure(end, 'ECONNRESET'))),
      (error: Error) => this.destroy(error),
    );
  }

  /** Node's HTTP agent takes what it keeps alive for a socket; a pipe has nothing to do for these. */
  setKeepAlive(): this {
    return this;
  }

  setNoDelay(): this {
    return this;
  }

  setTimeout(): this {
    return this;
  }

  ref(): this {
    return this;
  }

  unref(): this {
    return this;
  }
}
