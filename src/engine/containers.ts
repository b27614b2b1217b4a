import type Docker from 'dockerode';
import { AppError } from '../errors.ts';
import type { ContainerFacts } from '../policy/facts.ts';
import { toContainerId } from '../protocol/ids.ts';
import type { EngineClient } from './client.ts';
import { statusOf } from './failure.ts';

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

function stateOf(info: Docker.ContainerInspectInfo): RunState {
  if (info.State.Paused) return 'paused';
  if (info.State.Restarting) return 'restarting';
  if (info.State.Running) return 'running';
  return info.State.Status === 'removing' ? 'removing' : 'stopped';
}

function mountsOf(info: Docker.ContainerInspectInfo): ContainerFacts['mounts'] {
  return (info.Mounts ?? []).map((mount) => ({
    type: mount.Type ?? '',
    source: mount.Source ?? '',
    destination: mount.Destination ?? '',
  }));
}

function namespacesOf(host: Docker.HostConfig): ContainerFacts['namespaces'] {
  return {
    pid: host.PidMode ?? '',
    network: host.NetworkMode ?? '',
    ipc: host.IpcMode ?? '',
    uts: host.UTSMode ?? '',
    userns: host.UsernsMode ?? '',
  };
}

function toContainer(info: Docker.ContainerInspectInfo): Container {
  return {
    id: toContainerId(info.Id),
    name: info.Name.replace(/^\//, ''),
    labels: info.Config.Labels ?? {},
    configUser: info.Config.User ?? '',
    workdir: info.Config.WorkingDir === '' ? '/' : (info.Config.WorkingDir ?? '/'),
    privileged: info.HostConfig.Privileged ?? false,
    namespaces: namespacesOf(info.HostConfig),
    mounts: mountsOf(info),
    state: stateOf(info),
    startedAt: info.State.StartedAt,
    tty: info.Config.Tty,
    groupAdd: info.HostConfig.GroupAdd ?? [],
  };
}

/** How many containers' full ids begin with this text; Docker's own answer to an ambiguous prefix is a plain 404 or 400. */
async function countByPrefix(engine: EngineClient, prefix: string): Promise<number> {
  if (!/^[0-9a-f]{1,63}$/.test(prefix)) return 0;
  const all = await engine.call({ operation: 'list containers' }, (docker, abortSignal) =>
    docker.listContainers({ all: true, abortSignal }),
  );
  return all.filter((one) => one.Id.startsWith(prefix)).length;
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
    const info = await engine.call({ operation: 'inspect the container' }, (docker, abortSignal) =>
      docker.getContainer(id).inspect({ abortSignal }),
    );
    return toContainer(info);
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
