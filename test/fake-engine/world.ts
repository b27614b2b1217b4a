import { type Answer, json } from './answers.ts';
import { FakeContainer, FakeExec, type Script } from './containers.ts';
import type { Request } from './requests.ts';

/** What a kill's helper has in its command: the mark by which it finds the run's processes. */
const MARK = 'MCP_DOCKER_EXEC_ID=';

/** The containers and execs a fake engine knows. */
export class World {
  readonly #containers = new Map<string, FakeContainer>();
  readonly #execs = new Map<string, FakeExec>();

  addContainer(script: Script): FakeContainer {
    const number = this.#containers.size + 1;
    const container = new FakeContainer(hexId(number), `fake-${number}`, script);
    this.#containers.set(container.id, container);
    return container;
  }

  addExec(container: FakeContainer, helper: boolean): FakeExec {
    const exec = new FakeExec(container, hexId(this.#execs.size + 1), helper);
    this.#execs.set(exec.id, exec);
    container.execs.push(exec);
    return exec;
  }

  container(id: string): FakeContainer | undefined {
    return this.#containers.get(id);
  }

  exec(id: string): FakeExec | undefined {
    return this.#execs.get(id);
  }

  list(): Answer {
    const rows = [...this.#containers.values()].map(({ id, name }) => ({
      Id: id,
      Names: [`/${name}`],
      Image: 'fake',
      State: 'running',
      Status: 'Up 2 hours',
      Created: 1_704_067_200,
      Ports: [],
      Labels: {},
    }));
    return json(200, rows.slice(0, 1));
  }
}

function hexId(number: number): string {
  return number.toString(16).padStart(64, '0');
}

/** Whether a request creates an exec of the kill, and not one of a run. */
export function createsHelper({ body }: Request): boolean {
  const cmd: unknown = typeof body === 'object' && body !== null ? Reflect.get(body, 'Cmd') : [];
  return Array.isArray(cmd) && cmd.some((part) => String(part).startsWith(MARK));
}
