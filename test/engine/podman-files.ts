/** Podman's flags for a storage of its own. vfs: works on every file system, and the images are small. */
export function podmanArguments(folder: string): string[] {
  const own = [`--root=${folder}/root`, `--runroot=${folder}/run`, `--tmpdir=${folder}/tmp`];
  return [...own, '--storage-driver=vfs', '--cgroup-manager=cgroupfs', '--events-backend=file'];
}

/** The file that takes the place of the machine's containers.conf. */
export function podmanConfigFile(folder: string): string {
  return `${folder}/containers.conf`;
}

/**
 * Limits a plain root may set: Podman's defaults ask for more open files than a machine without CAP_SYS_RESOURCE gives. Logs go to
 * files, as there is no journal.
 */
export const PODMAN_CONFIG = `[containers]
default_ulimits = ["nofile=1024:1024", "nproc=4096:4096"]
log_driver = "k8s-file"
netns = "none"

[engine]
runtime = "runc"
`;

export function podmanEnvironment(folder: string): NodeJS.ProcessEnv {
  return { ...process.env, CONTAINERS_CONF: podmanConfigFile(folder) };
}
