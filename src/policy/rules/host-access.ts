import type { ContainerFacts } from '../facts.ts';
import { absolutePath } from '../paths.ts';
import { deny } from '../verdict.ts';
import type { ExecRule } from './rule.ts';

type Mount = ContainerFacts['mounts'][number];

/** An engine's socket by its name, wherever it lies. */
const SOCKET_NAME = /(?:^|\/)(?:docker|containerd|podman|crio|buildkitd|cri-dockerd|dockershim)(?:[.-]\w+)*\.sock$/;
/** Where sockets lie; a folder above one of them is as good as the socket. */
const SOCKETS = [
  '/run/docker.sock',
  '/run/docker/containerd/containerd.sock',
  '/run/containerd/containerd.sock',
  '/run/podman/podman.sock',
  '/run/crio/crio.sock',
  '/run/k3s/containerd/containerd.sock',
  '/run/host-services/docker.proxy.sock',
  '/run/buildkit/buildkitd.sock',
].flatMap((path) => [path, `/var${path}`]);
/** Each user's own engine. */
const USER_RUNTIME = /^(?:\/var)?\/run\/user(?:\/\d+(?:\/(?:docker|podman|containerd))?)?$/;
const SHARED_NAMESPACES = ['pid', 'network', 'ipc', 'uts', 'userns'] as const;

/** Refuses exec where the container is no boundary: whoever is inside can be root on the host. */
export const hostAccess: ExecRule = ({ container }, _inside, policy) => {
  if (policy.allowHostAccess) return undefined;
  const access = findHostAccess(container, policy.engineSocket);
  if (access === undefined) return undefined;
  return deny(
    'containers.host-access',
    access,
    `Container ${container.name} has access to its host (${access})`,
    'Use a container without it, or let the operator set MCP_DOCKER_ALLOW_HOST_ACCESS=true.',
  );
};

function findHostAccess(container: ContainerFacts, engineSocket: string | undefined): string | undefined {
  if (container.privileged) return 'privileged';
  const namespace = SHARED_NAMESPACES.find((name) => container.namespaces[name] === 'host');
  if (namespace !== undefined) return `${namespace} namespace of the host`;
  const mount = container.mounts.find((one) => reachesHost(one, engineSocket));
  return mount === undefined ? undefined : `mount ${mount.source || mount.type} on ${mount.destination}`;
}

function reachesHost(mount: Mount, engineSocket: string | undefined): boolean {
  if (SOCKET_NAME.test(mount.destination)) return true;
  if (!mount.source.startsWith('/')) return false;
  const source = absolutePath('/', mount.source);
  const sockets = engineSocket === undefined ? SOCKETS : [...SOCKETS, engineSocket];
  return SOCKET_NAME.test(source) || isHostFolder(source) || sockets.some((socket) => isAtOrAbove(source, socket));
}

/** Below the host's /proc is the root of every process. */
function isHostFolder(source: string): boolean {
  return source === '/proc' || source.startsWith('/proc/') || USER_RUNTIME.test(source);
}

function isAtOrAbove(folder: string, path: string): boolean {
  return folder === '/' || path === folder || path.startsWith(`${folder}/`);
}
