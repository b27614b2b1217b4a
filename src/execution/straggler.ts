import type { EngineClient } from '../engine/client.ts';
import { inspectExec } from '../engine/exec.ts';

/** How often a running exec is looked at. */
const LOOK_MS = 500;
/**
 * A look that is not answered for so long tells of an ended process too: Docker answers no more until the process's output is
 * taken, and since its version 23 it drops after 2 s what was not.
 */
const WITHHELD_MS = 300;
/** Of those 2 s this much has passed at least when output ends that was held open, and the look before it began. */
const DROPPED_MS = 1_200;
/** How often its output is looked at once it has ended. */
const TICK_MS = 100;
/** Output that is open this much longer than its process is held open by another one; the result says so. */
const HELD_OPEN_MS = 400;
/**
 * How long output may stay open when it is silent, and in any case. The contract's bound is 3 s in all: Docker 20.10 answers
 * a look only 2 s after the end of a process whose output is still open.
 */
const GIVE_UP_MS = { silent: 700, most: 800 } as const;

/** The process ended, its output did not: a background child holds it open. */
export interface Straggler {
  readonly kind: 'straggler';
}

/** What is asked of the output while its process is gone. */
export interface OpenOutput {
  /** Only the client keeps the output from its end: that it is still open says nothing then. */
  awaitsClient(): boolean;
  /** Raw bytes taken so far. */
  bytes(): number;
  /** Goes on reading into memory: the process has ended, so what is left is little, and the engine does not keep it long. */
  spool(): void;
  /** The process runs after all: reading waits for the client again. */
  stopSpooling(): void;
}

/** Watches for a process that ended while its output stays open. */
export class StragglerWatch {
  readonly #engine: EngineClient;
  readonly #engineExecId: string;
  readonly #output: OpenOutput;
  #timer: NodeJS.Timeout | undefined;
  #disposed = false;
  #openMs = 0;
  #lookBegun = 0;
  #lookMs: number | undefined = 0;

  constructor(engine: EngineClient, engineExecId: string, output: OpenOutput) {
    this.#engine = engine;
    this.#engineExecId = engineExecId;
    this.#output = output;
  }

  /** Whether the output was open notably longer than the process lived. */
  get heldOpen(): boolean {
    return this.#openMs >= HELD_OPEN_MS;
  }

  /** Whether the engine may have dropped output that another process held open: it withheld its word on the process that long. */
  get maybeDropped(): boolean {
    return (this.#lookMs ?? performance.now() - this.#lookBegun) >= DROPPED_MS;
  }

  /** Resolves when waiting for the output's end is given up, and otherwise never. */
  readonly left: Promise<Straggler> = new Promise((resolve) => {
    const tick = (bytesBefore: number): void => {
      const bytes = this.#output.bytes();
      if (!this.#output.awaitsClient()) this.#openMs += TICK_MS;
      const limit = bytes === bytesBefore ? GIVE_UP_MS.silent : GIVE_UP_MS.most;
      if (this.#openMs >= limit && !this.#output.awaitsClient()) resolve({ kind: 'straggler' });
      else this.#after(TICK_MS, () => tick(bytes));
    };
    const look = async (): Promise<void> => {
      const running = await this.#running();
      if (this.#disposed) return;
      if (running) {
        this.#output.stopSpooling();
        return this.#after(LOOK_MS, look);
      }
      this.#output.spool();
      this.#after(TICK_MS, () => tick(this.#output.bytes()));
    };
    this.#after(LOOK_MS, look);
  });

  /** Nothing is done to the output any more. */
  dispose(): void {
    this.#disposed = true;
    clearTimeout(this.#timer);
  }

  #after(ms: number, action: () => void): void {
    if (!this.#disposed) this.#timer = setTimeout(action, ms);
  }

  async #running(): Promise<boolean> {
    this.#lookBegun = performance.now();
    this.#lookMs = undefined;
    this.#after(WITHHELD_MS, () => this.#output.spool());
    try {
      return (await inspectExec(this.#engine, this.#engineExecId)).running;
    } catch {
      return true;
    } finally {
      clearTimeout(this.#timer);
      this.#lookMs = performance.now() - this.#lookBegun;
    }
  }
}
