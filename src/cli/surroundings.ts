import type { Environment } from '../config/load.ts';
import type { Config } from '../config/schema.ts';
import type { Endpoint } from '../engine/endpoint.ts';

export interface EngineFacts {
  readonly version: string;
  readonly apiVersion: string;
  readonly os: string;
  readonly arch: string;
}

/** Which demuxer would be used; `reason` says why it is the JavaScript one. */
export interface NativeFacts {
  readonly kind: 'native' | 'javascript';
  readonly reason?: string;
}

/** All that the sub-commands know of the world outside. Everything they print goes through `write`. */
export interface Surroundings {
  readonly environment: Environment;
  /** As `process.version`: `v20.19.0`. */
  readonly nodeVersion: string;
  readonly write: (text: string) => void;
  /** Throws a ConfigError where the endpoint cannot be used. */
  readonly resolveEndpoint: (config: Config) => Endpoint;
  /** Asks the engine who it is; rejects where it cannot be reached. */
  readonly pingEngine: (endpoint: Endpoint) => Promise<EngineFacts>;
  /** Throws where the configuration requires the native module and it is not there. */
  readonly loadDemuxer: (config: Config) => NativeFacts;
}
