/** What the process that wants an engine asks its supervisor. Answers carry the same `id`. */
export interface Request {
  readonly id: number;
  readonly kind: 'start' | 'stop' | 'SIGKILL' | 'SIGSTOP' | 'SIGCONT';
  readonly wanted: Wanted;
}

/** What is to be supervised. */
export interface Wanted {
  readonly program: 'dockerd' | 'podman' | 'rootless-dockerd' | 'rootless-podman' | 'sshd';
  /** Holds everything of it. */
  readonly folder: string;
  /** More of its command line. */
  readonly flags?: readonly string[];
  /** The /usr it runs with, where that is not the machine's: see `releaseUsr`. */
  readonly usr?: string | undefined;
}

export interface Answer {
  readonly id: number;
  /** One sentence, if the request failed. */
  readonly error?: string;
}

/** Where a client reaches the engine in `folder`. */
export function socketPath(folder: string): string {
  return `${folder}/docker.sock`;
}
