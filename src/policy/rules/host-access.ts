import type { ContainerFacts } from '../facts.ts';
import { absolutePath } from '../paths.ts';
import { deny } from '../verdict.ts';
import type { ExecRule } from './rule.ts';

type Mount = ContainerFacts['mounts'][number];

const ENGINE_SOCKET = /(?:^|\/)(?:docker|containerd|podman|crio|buildkitd)\.sock$/;
/** Host folders that hold an engine's socket, or everything. */
const HOST_FOLDER =
  /^\/(?:$|run$|var$|var\/run$|(?:var\/)?run\/(?:docker|containerd|podman|crio|user|user\/\d+)(?:$|\/podman$))/;
const SHARED_NAMESPACES = ['pid', 'network', 'ipc', 'uts'] as const;

/** Refuses exec where the container is no boundary: whoever is inside can be root on the host. */
export const hostAccess: ExecRule = ({ container }, _inside, policy) => {
  if (policy.allowHostAccess) return undefined;
  const access = findHostAccess(container);
  if (access === undefined) return undefined;
  return deny(
    'containers.host-access',
    access,
    `Container ${container.name} has access to its host (${access})`,
    'Use a container without it, or let the operator set MCP_DOCKER_ALLOW_HOST_ACCESS=true.',
  );
};

function findHostAccess(container: ContainerFacts): string | undefined {
  if (container.privileged) return 'privileged';
  const namespace = SHARED_NAMESPACES.find((name) => container.namespaces[name] === 'host');
  if (namespace !== undefined) return `${namespace} namespace of the host`;
  const mount = container.mounts.find(reachesHost);
  return mount === undefined ? undefined : `mount ${mount.source || mount.type} on ${mount.destination}`;
}

function reachesHost(mount: Mount): boolean {
  if (ENGINE_SOCKET.test(mount.destination)) return true;
  if (!mount.source.startsWith('/')) return false;
  const source = absolutePath('/', mount.source);
  return ENGINE_SOCKET.test(source) || HOST_FOLDER.test(source);
}
