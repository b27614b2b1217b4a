import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Answer, Request, Wanted } from './supervisor-protocol.ts';

const SUPERVISOR = fileURLToPath(new URL('supervisor.ts', import.meta.url));
const REPOSITORY = fileURLToPath(new URL('../../', import.meta.url));

/** The near side of a supervisor process and of the service it owns. */
export class Supervised {
  readonly #child: ChildProcess;
  readonly #wanted: Wanted;
  #lastId = 0;

  constructor(wanted: Wanted) {
    this.#wanted = wanted;
    this.#child = fork(SUPERVISOR, {
      cwd: REPOSITORY,
      // Out of the terminal's process group: Ctrl-C ends the tests, the supervisor tidies up after them.
      detached: true,
      execArgv: ['--import', 'tsx'],
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    this.#child.setMaxListeners(0);
  }

  /** @throws Error with the supervisor's sentence if it could not do it. */
  ask(kind: Request['kind']): Promise<void> {
    const id = ++this.#lastId;
    return new Promise((resolve, reject) => {
      const settle = (error?: string) => {
        this.#child.off('message', onMessage).off('exit', onExit);
        if (error === undefined) resolve();
        else reject(new Error(error));
      };
      const onMessage = (answer: Answer) => answer.id === id && settle(answer.error);
      const onExit = () => settle('The supervisor of a test engine ended before its time.');
      this.#child.on('message', onMessage).on('exit', onExit);
      this.#child.send({ id, kind, wanted: this.#wanted } satisfies Request);
    });
  }

  /** Removes the service and all that belongs to it. */
  async end(): Promise<void> {
    if (this.#child.exitCode !== null) return;
    const exit = once(this.#child, 'exit');
    this.#child.disconnect();
    const [code] = await exit;
    if (code !== 0) throw new Error('A test engine could not be removed; its supervisor says why on stderr.');
  }
}
