import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { answersPing } from './ping.ts';
import { findProgram } from './prerequisites.ts';
import { daemonProcesses, isStopped, killAll, untilNone } from './processes.ts';
import { inRelease } from './releases.ts';
import { socketPath } from './supervisor-protocol.ts';

const READY_WITHIN_MS = 60_000;
const STOP_WITHIN_MS = 15_000;

export interface DaemonOptions {
  /** More of its command line. */
  readonly flags?: readonly string[];
  /** The /usr it runs with, where that is not the machine's: see `releaseUsr`. */
  readonly usr?: string | undefined;
}

/** One dockerd that shares nothing with any other on the machine: no folder, socket, bridge, containerd namespace or cgroup. */
export class Daemon {
  readonly folder: string;
  /** Unique on this machine; marks the processes, cgroups and containerd namespace of this daemon. */
  readonly name: string;
  readonly #options: DaemonOptions;
  #child: ChildProcess | undefined;

  constructor(folder: string, options: DaemonOptions = {}) {
    this.folder = folder;
    this.#options = options;
    this.name = basename(folder);
  }

  /** Starts it and returns when it answers. @throws Error with the end of its log after 60 s, or if it exits before. */
  async start(): Promise<void> {
    if (this.#isRunning()) throw new Error('The engine runs already.');
    await this.#removeStaleContainerd();
    writeFileSync(`${this.folder}/daemon.json`, '{}');
    const log = openSync(this.#logFile, 'a');
    const [program, ...args] = this.#commandLine();
    this.#child = spawn(program, args, { stdio: ['ignore', log, log] });
    closeSync(log);
    this.#child.on('error', () => {});
    await this.#untilReady();
  }

  /** TERM, after 15 s KILL. A stopped process is woken first, or it could not obey. */
  async stop(): Promise<void> {
    const child = this.#child;
    if (child === undefined || !this.#isRunning()) return;
    const exit = once(child, 'exit');
    child.kill('SIGCONT');
    child.kill('SIGTERM');
    const impatience = setTimeout(() => child.kill('SIGKILL'), STOP_WITHIN_MS);
    await exit;
    clearTimeout(impatience);
  }

  /** Returns when the signal has done its work: with KILL, when the process is gone, with STOP, when all of its threads stand. */
  async signal(signal: 'SIGKILL' | 'SIGSTOP' | 'SIGCONT'): Promise<void> {
    const child = this.#child;
    if (child === undefined || !this.#isRunning()) throw new Error(`No engine runs that ${signal} could be sent to.`);
    const exit = once(child, 'exit');
    child.kill(signal);
    if (signal === 'SIGKILL') await exit;
    if (signal === 'SIGSTOP') await untilNone(() => (isStopped(child.pid) ? 0 : 1));
  }

  get #logFile(): string {
    return `${this.folder}/dockerd.log`;
  }

  #isRunning(): boolean {
    return this.#child?.pid !== undefined && this.#child.exitCode === null && this.#child.signalCode === null;
  }

  #commandLine(): readonly [string, ...string[]] {
    const { usr } = this.#options;
    const program = findProgram('dockerd') ?? 'dockerd';
    return usr === undefined ? [program, ...this.#flags()] : inRelease(usr, 'dockerd', this.#flags());
  }

  #flags(): string[] {
    return [
      ...[`--host=unix://${socketPath(this.folder)}`, `--pidfile=${this.folder}/dockerd.pid`],
      ...[`--data-root=${this.folder}/data`, `--exec-root=${this.folder}/exec`],
      // Without it a daemon.json of the machine would be read and could contradict these flags.
      `--config-file=${this.folder}/daemon.json`,
      ...['--bridge=none', '--iptables=false', '--ip6tables=false', '--ip-forward=false'],
      // Copies instead of overlays: works on every file system, and the images are small.
      '--storage-driver=vfs',
      // Where the machine runs a containerd, dockerd uses that one: names keep the engines apart there.
      ...[`--containerd-namespace=${this.name}`, `--containerd-plugins-namespace=${this.name}-plugins`],
      ...['--exec-opt=native.cgroupdriver=cgroupfs', `--cgroup-parent=/${this.name}`],
      ...(this.#options.flags ?? []),
    ];
  }

  /**
   * After KILL the daemon's containerd dies with it, but where nobody collects its exit status its pid looks alive, and
   * the next daemon would wait for it in vain.
   */
  async #removeStaleContainerd(): Promise<void> {
    await untilNone(() => killAll(daemonProcesses(this.name, /^containerd\n/)));
    rmSync(`${this.folder}/exec/containerd/containerd.pid`, { force: true });
  }

  async #untilReady(): Promise<void> {
    const deadline = Date.now() + READY_WITHIN_MS;
    while (!(await answersPing(socketPath(this.folder)))) {
      if (!this.#isRunning()) throw new Error(`dockerd could not start:\n${this.#lastLogLines()}`);
      if (Date.now() > deadline) throw new Error(`dockerd gave no answer in 60 s:\n${this.#lastLogLines()}`);
      await delay(50);
    }
  }

  #lastLogLines(): string {
    return readFileSync(this.#logFile, 'utf8').trimEnd().split('\n').slice(-15).join('\n');
  }
}
