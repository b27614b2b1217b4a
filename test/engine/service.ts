import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

const READY_WITHIN_MS = 20_000;

/** How one kind of program is ruled. */
export interface Service {
  start(): Promise<void>;
  stop(): Promise<void>;
  signal(signal: 'SIGKILL' | 'SIGSTOP' | 'SIGCONT'): Promise<void>;
  /** Ends it and removes whatever it made on this machine. */
  clear(): Promise<void>;
}

/** A program that serves as long as it runs in the foreground. */
export interface Foreground {
  readonly command: string;
  readonly args: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
  /** Takes stdout and stderr. */
  readonly logFile: string;
  /** Whether it serves by now. */
  isReady(): Promise<boolean>;
}

/** One run of a foreground program, in a process group of its own with whatever it starts. */
class ForegroundRun {
  readonly #program: Foreground;
  readonly #child: ChildProcess;

  private constructor(program: Foreground) {
    this.#program = program;
    const log = openSync(program.logFile, 'a');
    const { command, args, env = process.env } = program;
    this.#child = spawn(command, args, { env, detached: true, stdio: ['ignore', log, log] });
    closeSync(log);
    this.#child.on('error', () => {});
  }

  /** Starts it and returns when it serves. @throws Error with the end of its log after 20 s, or if it exits before. */
  static async start(program: Foreground): Promise<ForegroundRun> {
    const run = new ForegroundRun(program);
    for (const deadline = Date.now() + READY_WITHIN_MS; !(await program.isReady()); await delay(50)) {
      if (!run.#isRunning()) throw new Error(`${program.command} could not start:\n${run.#lastLogLines()}`);
      if (Date.now() > deadline) throw new Error(`${program.command} does not serve:\n${run.#lastLogLines()}`);
    }
    return run;
  }

  /** Ends the program and its process group with one signal. */
  async end(signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
    const { pid } = this.#child;
    if (pid === undefined || !this.#isRunning()) return;
    const exit = once(this.#child, 'exit');
    process.kill(-pid, signal);
    await exit;
  }

  #isRunning(): boolean {
    return this.#child.pid !== undefined && this.#child.exitCode === null && this.#child.signalCode === null;
  }

  #lastLogLines(): string {
    return readFileSync(this.#program.logFile, 'utf8').trimEnd().split('\n').slice(-15).join('\n');
  }
}

/** A service that one foreground program is; `clear` removes what it leaves behind. */
export function foregroundService(program: Foreground, clear: () => Promise<void>): Service {
  let run: ForegroundRun | undefined;
  const stop = async (): Promise<void> => run?.end('SIGTERM');
  return {
    async start() {
      run = await ForegroundRun.start(program);
    },
    stop,
    async signal(signal) {
      if (signal !== 'SIGKILL') throw new Error(`${program.command} takes no ${signal} here.`);
      await run?.end('SIGKILL');
    },
    async clear() {
      await run?.end('SIGKILL');
      await clear();
    },
  };
}
