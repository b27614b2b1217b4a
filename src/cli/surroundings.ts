import type { Environment } from '../config/load.ts';
import type { Config } from '../config/schema.ts';
import type { Endpoint } from '../engine/endpoint.ts';
import type { Machine } from './init/clients.ts';

export interface EngineFacts {
  readonly version: string;
  readonly apiVersion: string;
  readonly os: string;
  readonly arch: string;
}

/** A command that was run in a container for the sake of its output. */
export interface RoundTrip {
  readonly container: string;
  readonly user: string;
  /** Whether what it printed came back. */
  readonly printed: boolean;
  readonly ms: number;
}

/** Which demuxer would be used; `reason` says why it is the JavaScript one. */
export interface NativeFacts {
  readonly kind: 'native' | 'javascript';
  readonly reason?: string;
}

/** All that the sub-commands know of the world outside. What they print goes through `write`, to stdout. */
export interface Surroundings {
  readonly environment: Environment;
  /** As `process.version`: `v20.19.0`. */
  readonly nodeVersion: string;
  readonly write: (text: string) => void;
  /** For people, where stdout is for a program: goes to stderr. */
  readonly note: (text: string) => void;
  /** Throws where the user has no home, or the working directory is gone. */
  readonly machine: () => Machine;
  /** Throws a ConfigError where the endpoint cannot be used. */
  readonly resolveEndpoint: (config: Config) => Endpoint;
  /** Asks the engine who it is; rejects where it cannot be reached. */
  readonly pingEngine: (endpoint: Endpoint) => Promise<EngineFacts>;
  /** Runs a command in a running container as a call would; rejects where a call would be refused before it starts. */
  readonly roundTrip: (endpoint: Endpoint, config: Config, container: string) => Promise<RoundTrip>;
  /** Throws where the configuration requires the native module and it is not there. */
  readonly loadDemuxer: (config: Config) => NativeFacts;
}
