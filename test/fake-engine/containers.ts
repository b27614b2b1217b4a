import { frame } from '../contract/frames.ts';
import { tar } from '../engine/tar.ts';
import { type Answer, hijacked, json, sized, untilClosed } from './answers.ts';
import type { Fault } from './faults.ts';

/** The requests that can go wrong, by what they ask. A helper is an exec of the kill, as opposed to one of a run. */
export type Endpoint =
  | 'version'
  | 'ping'
  | 'info'
  | 'list'
  | 'events'
  | 'container'
  | 'top'
  | 'stat'
  | 'archive'
  | 'create'
  | 'start'
  | 'exec'
  | 'logs'
  | 'createHelper'
  | 'startHelper';

export type Faults = Readonly<Partial<Record<Endpoint, Fault>>>;

/** What a container of the fake engine does; by default a run prints `hello` and exits with 0. */
export interface Script {
  readonly faults?: Faults;
  /** What a run's connection carries, frames and all. */
  readonly output?: Uint8Array;
  /** False: a run goes on until it is killed. */
  readonly ends?: boolean;
  readonly exitCode?: number;
  /** What the passes of a kill see alive, as `pid:start`, one after the other; the last one again. */
  readonly sights?: readonly string[];
  readonly log?: Uint8Array;
  readonly tty?: boolean;
  /** The container's own user and account file. */
  readonly user?: string;
  readonly passwd?: Uint8Array;
}

const HELLO = frame(1, 'hello\n');
/** Any pid that is no process of this machine's containers. */
const PID = 4_000_000;

/** One exec: a run's, or a helper's of its kill. */
export class FakeExec {
  readonly id: string;
  readonly helper: boolean;
  readonly container: FakeContainer;
  #killed = false;
  readonly #onKill: (() => void)[] = [];

  constructor(container: FakeContainer, id: string, helper: boolean) {
    this.container = container;
    this.id = id;
    this.helper = helper;
  }

  get answer(): Answer {
    const { output = HELLO, ends = true } = this.container.script;
    if (this.helper) return hijacked('end', frame(1, `since: 1 strays: alive: ${this.container.nextSight()}\n`));
    return hijacked(ends ? 'end' : 'open', output);
  }

  get state(): Answer {
    const { ends = true, exitCode = 0 } = this.container.script;
    const running = !ends && !this.#killed;
    const code = this.#killed ? 137 : exitCode;
    return json(200, { ID: this.id, Running: running, ExitCode: running ? null : code, Pid: PID });
  }

  get killed(): boolean {
    return this.#killed;
  }

  kill(): void {
    this.#killed = true;
    for (const tell of this.#onKill.splice(0)) tell();
  }

  /** Calls back when the run is killed, if that is still to come. */
  onKill(tell: () => void): void {
    if (this.#killed) tell();
    else this.#onKill.push(tell);
  }
}

/** A running container of the fake engine. */
export class FakeContainer {
  readonly id: string;
  readonly name: string;
  readonly script: Script;
  /** As the script says, until a test has the engine recover. */
  faults: Faults;
  readonly execs: FakeExec[] = [];
  #passes = 0;

  constructor(id: string, name: string, script: Script) {
    this.id = id;
    this.name = name;
    this.script = script;
    this.faults = script.faults ?? {};
  }

  get inspection(): Answer {
    const { tty = false, user = '' } = this.script;
    return json(200, {
      Id: this.id,
      Name: `/${this.name}`,
      State: { Running: true, StartedAt: '2024-01-01T00:00:00Z' },
      Config: { Tty: tty, User: user },
      HostConfig: {},
    });
  }

  get log(): Answer {
    return untilClosed('end', this.script.log ?? frame(1, '2024-01-01T00:00:00.000000001Z hello\n'));
  }

  /** `HEAD` and `GET` of /etc/passwd; other files there are none. */
  file(path: string): Answer {
    const { passwd } = this.script;
    if (passwd === undefined || path !== '/etc/passwd') return json(404, { message: `no such file: ${path}` });
    const stat = { name: 'passwd', size: passwd.length, mode: 420, mtime: '2024-01-01T00:00:00Z', linkTarget: '' };
    const header = Buffer.from(JSON.stringify(stat)).toString('base64');
    const archive = tar([{ path: 'passwd', kind: 'file', mode: 0o644, content: passwd }]);
    return sized(200, archive, { 'X-Docker-Container-Path-Stat': header });
  }

  nextSight(): string {
    const { sights = [''] } = this.script;
    this.#passes += 1;
    return sights[this.#passes - 1] ?? sights.at(-1) ?? '';
  }

  /** A helper of the kill ends every run. */
  killRuns(): void {
    for (const exec of this.execs) if (!exec.helper) exec.kill();
  }
}
