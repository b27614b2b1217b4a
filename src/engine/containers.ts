import { AppError } from '../errors.ts';
import type { ContainerFacts } from '../policy/facts.ts';
import { toContainerId } from '../protocol/ids.ts';
import type { EngineClient } from './client.ts';
import { statusOf } from './failure.ts';
import { fieldsOf, type JsonFields, listOf } from './json-fields.ts';

export type RunState = 'running' | 'paused' | 'restarting' | 'stopped' | 'removing';

/** One container as it stood when it was looked up. */
export interface Container extends ContainerFacts {
  readonly state: RunState;
  /** RFC 3339; changes with every start, so that a restart under a run can be told. */
  readonly startedAt: string;
  /** A tty container's log is raw bytes, not frames. */
  readonly tty: boolean;
  /** Groups the engine gives to every process, whoever it runs as. */
  readonly groupAdd: readonly string[];
}

function stateOf(state: JsonFields): RunState {
  if (state.flag('Paused', false)) return 'paused';
  if (state.flag('Restarting', false)) return 'restarting';
  if (state.flag('Running')) return 'running';
  return state.text('Status', '') === 'removing' ? 'removing' : 'stopped';
}

function mountOf(mount: JsonFields): ContainerFacts['mounts'][number] {
  return { type: mount.text('Type', ''), source: mount.text('Source', ''), destination: mount.text('Destination', '') };
}

function namespacesOf(host: JsonFields): ContainerFacts['namespaces'] {
  return {
    pid: host.text('PidMode', ''),
    network: host.text('NetworkMode', ''),
    ipc: host.text('IpcMode', ''),
    uts: host.text('UTSMode', ''),
    userns: host.text('UsernsMode', ''),
  };
}

function toContainer(info: JsonFields): Container {
  const config = info.object('Config');
  const host = info.object('HostConfig');
  const state = info.object('State');
  return {
    id: toContainerId(info.text('Id')),
    name: info.text('Name').replace(/^\//, ''),
    labels: config.dictionary('Labels'),
    configUser: config.text('User', ''),
    workdir: config.text('WorkingDir', '') || '/',
    privileged: host.flag('Privileged', false),
    namespaces: namespacesOf(host),
    mounts: info.objects('Mounts').map(mountOf),
    state: stateOf(state),
    startedAt: state.text('StartedAt'),
    tty: config.flag('Tty', false),
    groupAdd: host.texts('GroupAdd'),
  };
}

/** How many containers' full ids begin with this text; Docker's own answer to an ambiguous prefix is a plain 404 or 400. */
async function countByPrefix(engine: EngineClient, prefix: string): Promise<number> {
  if (!/^[0-9a-f]{1,63}$/.test(prefix)) return 0;
  const ids = await engine.request(
    { operation: 'list containers' },
    { method: 'GET', path: '/containers/json?all=1' },
    (answer) => listOf(answer).map((one) => one.text('Id')),
  );
  return ids.filter((id) => id.startsWith(prefix)).length;
}

async function notFound(engine: EngineClient, id: string, cause: unknown): Promise<AppError> {
  const matches = await countByPrefix(engine, id);
  if (matches > 1) {
    return new AppError('CONTAINER_AMBIGUOUS', `${matches} containers have an id beginning with "${id}".`, {
      cause,
      hint: 'Give more digits of the id, or the name.',
    });
  }
  return new AppError('CONTAINER_NOT_FOUND', `There is no container "${id}".`, {
    cause,
    hint: 'docker_ps with all: true lists every container.',
  });
}

/**
 * Looks a container up by name, full id or unique id prefix. Its full id must be used from there on: what is checked is
 * what is run. Throws CONTAINER_NOT_FOUND, CONTAINER_AMBIGUOUS or an engine failure.
 */
export async function resolveContainer(engine: EngineClient, id: string): Promise<Container> {
  try {
    return await engine.request(
      { operation: 'inspect the container' },
      { method: 'GET', path: `/containers/${encodeURIComponent(id)}/json` },
      (answer) => toContainer(fieldsOf(answer)),
    );
  } catch (error) {
    const status = statusOf(error instanceof AppError ? error.cause : error);
    if (status === 404 || status === 400 || status === 500) throw await notFoundOr(engine, id, status, error);
    throw error;
  }
}

/** A 500 is only "ambiguous" when the list says so; Docker 20.10 answers an ambiguous prefix with one. */
async function notFoundOr(engine: EngineClient, id: string, status: number, error: unknown): Promise<unknown> {
  const failure = await notFound(engine, id, error);
  return status === 404 || failure.code === 'CONTAINER_AMBIGUOUS' ? failure : error;
}

/** Throws unless a command can be started in the container now. */
export function assertRunning(container: Container): void {
  if (container.state === 'running') return;
  if (container.state === 'paused') {
    throw new AppError('CONTAINER_PAUSED', `Container "${container.name}" is paused.`, {
      hint: `Unpause it first: docker unpause ${container.name}`,
    });
  }
  throw new AppError('CONTAINER_NOT_RUNNING', `Container "${container.name}" is ${container.state}, not running.`, {
    hint: `Start it first: docker start ${container.name}`,
  });
}
