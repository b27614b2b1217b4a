import type Docker from 'dockerode';
import type { EngineClient } from './client.ts';

/** One row of docker_ps. */
export interface ContainerSummary {
  readonly id: string;
  readonly name: string;
  readonly names: readonly string[];
  readonly image: string;
  readonly state: string;
  readonly status: string;
  readonly health?: string;
  /** RFC 3339. */
  readonly created: string;
  /** As `docker ps` prints them: `127.0.0.1:8080->80/tcp`. */
  readonly ports: readonly string[];
  readonly labels: Readonly<Record<string, string>>;
}

function portText(port: Docker.Port): string {
  const inside = `${port.PrivatePort}/${port.Type}`;
  if (port.PublicPort === undefined || port.PublicPort === 0) return inside;
  const address = port.IP?.includes(':') === true ? `[${port.IP}]` : (port.IP ?? '');
  return `${address === '' ? '' : `${address}:`}${port.PublicPort}->${inside}`;
}

/** The list call has no health field; the engine writes it into the status text: `Up 2 hours (healthy)`. */
function healthOf(status: string): string | undefined {
  const text = /\((healthy|unhealthy|health: starting)\)$/.exec(status)?.[1];
  return text === 'health: starting' ? 'starting' : text;
}

/** A container's own name: links of other containers show up as further names with a slash in them. */
function ownName(names: readonly string[]): string {
  return names.find((name) => !name.includes('/')) ?? names[0] ?? '';
}

function toSummary(info: Docker.ContainerInfo): ContainerSummary {
  const names = (info.Names ?? []).map((name) => name.replace(/^\//, ''));
  const health = healthOf(info.Status);
  return {
    id: info.Id,
    name: ownName(names),
    names,
    image: info.Image,
    state: info.State,
    status: info.Status,
    ...(health === undefined ? {} : { health }),
    created: new Date(info.Created * 1000).toISOString(),
    ports: (info.Ports ?? []).map(portText),
    labels: info.Labels ?? {},
  };
}

/** Lists containers, newest first as the engine does; stopped ones too with `all`. */
export function listContainers(engine: EngineClient, all: boolean): Promise<ContainerSummary[]> {
  return engine.read({ operation: 'list containers' }, async (docker, abortSignal) => {
    const list = await docker.listContainers({ all, abortSignal });
    // Here, so that a list of another shape is the engine's failure.
    return list.map(toSummary);
  });
}
