import type { ContainerId } from '../protocol/ids.ts';

/** What the engine says of a container that a rule may look at. */
export interface ContainerFacts {
  readonly id: ContainerId;
  /** Without the leading slash. */
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  /** The image's or container's own user (`Config.User`), '' where none is set. */
  readonly configUser: string;
  /** The container's own working directory, '/' where none is set. */
  readonly workdir: string;
  /** `HostConfig.GroupAdd`: groups, by name or number, that the engine gives to every exec. */
  readonly groupAdd?: readonly string[];
  readonly privileged: boolean;
  /** `HostConfig.PidMode`, `NetworkMode`, `IpcMode`, `UTSMode`, `UsernsMode`. */
  readonly namespaces: {
    readonly pid: string;
    readonly network: string;
    readonly ipc: string;
    readonly uts: string;
    readonly userns: string;
  };
  readonly mounts: readonly { readonly type: string; readonly source: string; readonly destination: string }[];
}

/** The user a command will run as, resolved to numbers before the run. */
export interface ResolvedUser {
  /** What is handed to the engine: `uid:gid`, or `uid` where the user's own supplementary groups are to be kept. */
  readonly spec: string;
  readonly uid: number;
  readonly gid: number;
  /** Sentences for the result's `notices`. */
  readonly notices: readonly string[];
}

/** The outcome of a rule or of all of them. `part` is the piece of the request that broke the rule. */
export type Verdict =
  | { readonly allowed: true; readonly rule: string }
  | {
      readonly allowed: false;
      readonly rule: string;
      readonly part: string;
      readonly reason: string;
      readonly hint: string;
    };

/** One call as the rules see it; already validated. */
export type PolicyRequest =
  | {
      readonly kind: 'exec';
      readonly container: ContainerFacts;
      readonly cmd: readonly string[];
      readonly env: readonly string[];
      readonly workdir: string | undefined;
    }
  | { readonly kind: 'logs' | 'inspect'; readonly container: ContainerFacts };
