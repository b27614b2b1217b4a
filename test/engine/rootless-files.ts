/** The engines that an unprivileged user can run. */
export const ROOTLESS_ENGINES = ['dockerd', 'podman'] as const;
export type RootlessEngineName = (typeof ROOTLESS_ENGINES)[number];

const SOCKETS: Readonly<Record<RootlessEngineName, string>> = {
  dockerd: 'docker.sock',
  podman: 'podman/podman.sock',
};

/** The socket of each in its user's runtime directory. */
export function rootlessSocket(runtime: string, engine: RootlessEngineName): string {
  return `${runtime}/${SOCKETS[engine]}`;
}
